import { mkdir, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationFailure, isGrpcServiceError, type Client } from '@temporalio/client';
import { WORKER_LOST } from '../contracts/lost-calls.ts';
import { readHeld, tryLock, type HeldActivity } from './call-ledger.ts';

/**
 * Hands the calls of dead workers back to their shards, which start them again at once instead of after the heartbeat timeout.
 * Lists of living workers are left alone. Returns how many calls were handed back.
 */
export async function handBackCalls(folder: string, client: Client): Promise<number> {
  await mkdir(folder, { recursive: true });
  const lists = (await readdir(folder)).filter((name) => name.endsWith('.calls'));
  const counts = await Promise.all(lists.map((name) => handBackList(join(folder, name), client)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function handBackList(path: string, client: Client): Promise<number> {
  const lock = tryLock(`${path}.lock`);
  if (!lock) return 0;
  try {
    // Another successor may have been quicker.
    if (!existsSync(path)) return 0;
    const results = await Promise.all(readHeld(path).map((held) => handBack(client, held)));
    await rm(path, { force: true });
    await rm(`${path}.lock`, { force: true });
    return results.filter(Boolean).length;
  } finally {
    lock.close();
  }
}

/** False when the call had ended after all. */
async function handBack(client: Client, { kind, taskToken }: HeldActivity): Promise<boolean> {
  const message = 'the worker that held this was killed';
  try {
    await client.activity.fail(
      taskToken,
      kind === 'call'
        ? ApplicationFailure.nonRetryable(message, WORKER_LOST)
        : ApplicationFailure.create({ message, type: WORKER_LOST, nextRetryDelay: 1 }),
    );
    return true;
  } catch (error) {
    if (isGrpcServiceError(error) || (error as Error).name === 'ActivityNotFoundError') return false;
    throw error;
  }
}

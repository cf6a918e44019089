import { ApplicationFailure, type Client } from '@temporalio/client';
import { WORKER_LOST, type CallDetail } from '../contracts/lost-calls.ts';
import type { CallsHere } from './calls-here.ts';
import { readPendingCalls, type PendingCall } from './pending-calls.ts';

const TIMEOUT_MS = 5_000;

export interface HandedBack {
  /** How many there were. */
  readonly calls: number;
  /** Shards that may yet be found to have some: they have not ended. */
  readonly openShards: number;
}

/**
 * Hands back the calls that the server gave to this worker and that never reached it: its last polls may be answered while it
 * ceases to poll, and the SDK drops what they bring once the first of them has come back empty (core of 1.24,
 * `pollers/mod.rs`). Their shards start them again at once instead of after the heartbeat timeout. To be called when no poll
 * is open any more.
 */
export async function handBackUndelivered(client: Client, identity: string, here: CallsHere): Promise<HandedBack> {
  return client.withDeadline(Date.now() + TIMEOUT_MS, async () => {
    const shards = await Promise.all(here.shardIds().map((shardId) => handBackOf(shardId)));
    return {
      calls: shards.reduce((sum, { calls }) => sum + calls, 0),
      openShards: shards.filter(({ isOpen }) => isOpen).length,
    };
  });

  async function handBackOf(shardId: string): Promise<{ readonly calls: number; readonly isOpen: boolean }> {
    const { isOpen, calls } = await readPendingCalls(client, shardId);
    const undelivered = calls.filter(
      (call) => call.identity === identity && !here.has({ shardId, activityId: call.activityId }),
    );
    await Promise.all(undelivered.map((call) => handBack(shardId, call)));
    return { calls: undelivered.length, isOpen };
  }

  async function handBack(workflowId: string, { activityId, attempt }: PendingCall): Promise<void> {
    const message = 'the worker stopped before the call reached it';
    const details = [{ calls: attempt - 1, begun: false, waitMs: null } satisfies CallDetail];
    await client.activity.fail(
      { workflowId, activityId },
      ApplicationFailure.create({ message, type: WORKER_LOST, nonRetryable: true, details }),
    );
  }
}

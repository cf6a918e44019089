import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { HandedBack } from './hand-back-undelivered.ts';

/** The open polls of a worker that stops come back within this time; a server that is busy may answer them later still. */
const POLLS_END_MS = 1_000;

export interface RunningWorkers {
  /** Resolves when all have drained and nothing is left to hand back; rejects when one fails. */
  readonly ended: Promise<void>;
  /** They take nothing new and drain; repeating it is harmless. */
  stop(): void;
}

/** Runs them until they are stopped; then calls `handBack` when no poll is open any more, until it finds nothing. */
export function runWorkers(
  workers: readonly Worker[],
  handBack: () => Promise<HandedBack>,
  logger: Logger,
): RunningWorkers {
  const drained = runAll(workers);
  let handedBack: Promise<void> | undefined;
  return {
    ended: untilEnded(),
    stop() {
      shutDown(workers);
      handedBack ??= handBackWhenPollsEnd();
    },
  };

  async function untilEnded(): Promise<void> {
    try {
      await drained;
    } finally {
      await handedBack;
    }
  }

  async function handBackWhenPollsEnd(): Promise<void> {
    try {
      await Promise.race([drained, delay(POLLS_END_MS, undefined, { ref: false })]);
      for (let looks = 1; ; looks++) {
        const { calls, openShards } = await handBack();
        if (calls > 0) logger.info({ calls }, 'handed back calls that never reached this worker');
        if (openShards === 0 || (calls === 0 && looks > 1)) return;
        await delay(POLLS_END_MS);
      }
    } catch (error) {
      logger.warn(
        { reason: String(error) },
        'calls that never reached this worker may wait for their heartbeat timeout',
      );
    }
  }
}

async function runAll(workers: readonly Worker[]): Promise<void> {
  await Promise.all(
    workers.map(async (worker) => {
      try {
        await worker.run();
      } finally {
        // One that ends takes the others with it, or the process would go on half alive.
        shutDown(workers);
      }
    }),
  );
}

function shutDown(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

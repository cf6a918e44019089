import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { startRig, type Rig } from '../support/rig.ts';
import { KILLABLE_MAIN } from '../support/worker-process.ts';
import { MOST_LOST_CALLS } from '../../workflows/shard/after-failure.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

describe('an asset that crashes every worker that looks at it', () => {
  it('is given up under its name after a few calls, and all others are answered', async () => {
    const callLog = join(rig.dir, 'calls');
    const handle = await rig.startRun('crashing', {
      source: await rig.makeCsv(300),
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 200 } },
      limits: { shardSize: 100, shardsInFlight: 3 },
    });
    let workers = 0;
    const supervisor = new AbortController();
    const supervised = superviseWorkers(supervisor.signal, () => (workers += 1));
    const summary = (await handle.result()) as RunSummary;
    supervisor.abort();
    await supervised;

    const rows = await rig.rows(summary);
    expect(rows).toHaveLength(300);
    const others = rows.filter((row) => row['outcome'] !== 'succeeded');
    expect(others).toMatchObject([
      {
        asset_id: 'asset-7',
        outcome: 'failed',
        failure: 'WorkerBug',
        failure_message: `the worker was lost ${MOST_LOST_CALLS} times while it analysed this asset`,
        attempts: MOST_LOST_CALLS,
      },
    ]);
    expect(workers).toBeLessThanOrEqual(MOST_LOST_CALLS + 1);
    await rig.replayAll();
  });
});

/** Starts a worker whenever there is none, as a process manager does. */
async function superviseWorkers(signal: AbortSignal, onStart: () => void): Promise<void> {
  const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  while (!signal.aborted) {
    const worker = await rig.spawnWorker({ CRASH_ON: 'asset-7' }, KILLABLE_MAIN).catch(() => undefined);
    if (!worker) continue;
    onStart();
    await Promise.race([worker.exited, ended]);
    if (signal.aborted) await worker.stop();
  }
}

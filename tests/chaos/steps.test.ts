import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { startRig, type Rig } from '../support/rig.ts';
import { KILLABLE_MAIN } from '../support/worker-process.ts';

let rig: Rig;
let source: string;

beforeAll(async () => {
  rig = await startRig();
  source = await rig.makeCsv(60);
});
afterAll(() => rig.close());

const request = (callLog: string) => ({
  source,
  analyzer: { kind: 'noop', settings: { callLog } },
  limits: { shardSize: 20, insertBatch: 10 },
});

/** Every step that lasts, in the order of its first occurrence, with how often a run takes it. */
async function stepsOfARun(): Promise<ReadonlyMap<string, number>> {
  const stepLog = join(rig.dir, 'steps');
  const worker = await rig.spawnWorker({ STEP_LOG: stepLog }, KILLABLE_MAIN);
  await (await rig.startRun('all-steps', request(join(rig.dir, 'calls-all')))).result();
  await worker.stop();
  const counts = new Map<string, number>();
  // Before one step is after another, but for the very first.
  for (const step of (await readFile(stepLog, 'utf8')).split('\n').filter((line) => line.endsWith(': after'))) {
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return counts;
}

describe('kill -9 at each step of the store', () => {
  it('leaves a state from which a new worker completes the run with every row exactly once', async () => {
    const steps = await stepsOfARun();
    expect(steps.size).toBeGreaterThan(20);
    for (const [index, [step, times]] of [...steps].entries()) {
      const runId = `step-${index}`;
      const callLog = join(rig.dir, `calls-${index}`);
      // The last time it happens, so that there is something before it that must not be lost or doubled.
      const doomed = await rig.spawnWorker({ KILL_AT: step, KILL_COUNT: String(times) }, KILLABLE_MAIN);
      const handle = await rig.startRun(runId, request(callLog));
      const ended = handle.result() as Promise<RunSummary>;
      expect(await Promise.race([doomed.exited, ended.then(() => 'not killed')]), step).toBe(null);
      const worker = await rig.spawnWorker();
      const summary = await ended;
      expect(summary.counts.succeeded, step).toBe(60);
      const rows = await rig.rows(summary);
      expect(rows.length, step).toBe(60);
      expect(new Set(rows.map((row) => row['row_key'])).size, step).toBe(60);
      expect(await worker.stop(), step).toBe(0);
    }
    await rig.replayAll();
  }, 900_000);
});

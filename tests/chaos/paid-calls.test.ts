import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRequest, RunSummary } from '../../contracts/run.ts';
import { once } from '../google/bigquery-rig.ts';
import { startStreetRig, type StreetRig } from '../google/street-rig.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';

const ASSETS = 400;
const KILLS = 10;
const SLOTS = 8;
/** Assets that a worker holds: one for each of its slots, and those that wait for their turn. */
const HELD = 11;
const MOMENTS = 10;
const random = seededRandom(chooseSeed('paid calls'));

let google: StreetRig;
beforeAll(async () => {
  google = await startStreetRig(ASSETS, { latency: { medianMs: 300, spread: 0.4 } });
});
afterAll(() => google[Symbol.asyncDispose]());

const spawnWorker = () => google.rig.spawnWorker({ ...google.places, SIGHTLINE_LANE_SLOTS: String(SLOTS) });

function startRun(runId: string, limits: NonNullable<RunRequest['limits']>) {
  const { rig, source, dataset } = google;
  const analyzer = { kind: 'gemini' };
  return rig.startRun(runId, { source, prompt: 'utility-pole', analyzer, limits, store: dataset.spec });
}

/** Resolves when so many more calls have been made. */
async function moreCalls(count: number): Promise<void> {
  const before = google.gemini.seen().calls;
  const seen = async (): Promise<number> => google.gemini.seen().calls - before;
  await google.rig.until(seen, (calls) => calls >= count, `${count} calls`);
}

/** Resolves when BigQuery has done a call for the n-th time. */
function done(method: string, nth: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let seen = 0;
  const when = (call: { readonly method: string }): boolean => {
    if (call.method === method && (seen += 1) === nth) resolve();
    return false;
  };
  google.proxy.grpc.answers.add({ fault: { kind: 'lose-answer' }, when });
  return promise;
}

describe('kill -9 of the worker while images are looked at, calls wait for their turn and answers are on their way', () => {
  it(
    'leaves each asset one row, and repeats no more calls than the worker held',
    { tags: ['our-idea-of-bigquery'] },
    async () => {
      const { rig, gemini } = google;
      let worker = await spawnWorker();
      const handle = await startRun('killed', { shardSize: 100, insertBatch: 20 });
      for (let kill = 1; kill <= KILLS; kill += 1) {
        await moreCalls(1 + Math.floor(random() * 0.12 * ASSETS));
        await delay(random() * 300);
        await worker.kill();
        worker = await spawnWorker();
      }
      const { counts } = (await handle.result()) as RunSummary;
      expect(counts.failed).toBe(0);
      expect(await google.countRows('killed', 'utility_pole')).toEqual(once(counts.total));
      const { calls, mostAtOnce } = gemini.seen();
      const repeated = calls - (counts.total - counts.skipped);
      process.stderr.write(`calls repeated after ${KILLS} kills: ${repeated}\n`);
      expect(repeated).toBeLessThanOrEqual(KILLS * HELD);
      expect(mostAtOnce).toBe(SLOTS);
      await worker.stop();
      await rig.replayAll();
    },
  );
});

describe('cancel while rows are staged and committed', () => {
  it('shows what is staged and no row later, and the counts are those of the table', async () => {
    const { rig, proxy } = google;
    const worker = await spawnWorker();
    const rowsOf = new Map<string, number>();
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const runId = `cancelled-${moment}`;
      const steps = ['AppendRows', 'FinalizeWriteStream', 'BatchCommitWriteStreams'] as const;
      const step = steps[moment % steps.length] ?? 'AppendRows';
      const reached = done(step, 1 + Math.floor(random() * (step === 'AppendRows' ? 30 : 4)));
      const handle = await startRun(runId, { shardSize: 40, shardsInFlight: 3, insertBatch: 5 });
      await reached;
      await handle.cancel();
      // The last commit may have come before.
      await handle.result().catch(() => undefined);
      proxy.calm();
      const { counts } = await rig.progress(runId);
      const { succeeded, not_visible: notVisible, failed, blocked, skipped } = counts;
      const rows = succeeded + notVisible + failed + blocked + skipped;
      expect(rows + counts.cancelled).toBe(counts.total);
      expect(await google.countRows(runId, 'utility_pole')).toEqual(once(rows));
      rowsOf.set(runId, rows);
    }
    await worker.stop();
    for (const [runId, rows] of rowsOf) expect(await google.countRows(runId, 'utility_pole')).toEqual(once(rows));
    await rig.replayAll();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRig, type Rig } from '../support/rig.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';

const MOMENTS = 20;
const TOTAL = 200;

let rig: Rig;
const random = seededRandom(chooseSeed('cancel anywhere'));

beforeAll(async () => {
  rig = await startRig({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 80 } });
  await rig.startWorker();
});
afterAll(() => rig.close());

describe('cancel at any moment', () => {
  it('ends with outcomes + cancelled = total, rows = outcomes, and no shard running', async () => {
    const source = await rig.makeCsv(TOTAL);
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const runId = `cancel-${moment}`;
      // From before the first answer to about the end of the run.
      const afterDone = Math.floor((moment / MOMENTS) * TOTAL + random() * 10) - 5;
      const handle = await rig.startRun(runId, {
        source,
        analyzer: { kind: 'noop', settings: { delayMs: 30 + random() * 60, failureShare: 0.1 } },
        limits: { shardSize: 10 + Math.floor(random() * 30), shardsInFlight: 3, insertBatch: 7, assetsInFlight: 8 },
      });
      if (afterDone > 0) {
        await rig.until(
          () => rig.progress(runId),
          ({ counts }) =>
            counts.total > 0 && counts.total - counts.pending - counts.in_flight >= Math.min(afterDone, TOTAL - 20),
          `${afterDone} outcomes`,
        );
      }
      await handle.cancel();
      const ended = await handle.result().then(
        () => 'COMPLETED',
        () => 'CANCELLED',
      );
      expect((await handle.describe()).status.name, runId).toBe(ended);
      const record = await rig.stores.records.read(runId);
      // Cancelled before the source was frozen: there is nothing to account for.
      if (!record) continue;
      const { counts } = record;
      expect(record.state.toUpperCase(), runId).toBe(ended);
      const rows = await rig.rows({ place: record.plan.place });
      expect(rows.length + counts!.cancelled, runId).toBe(TOTAL);
      expect(new Set(rows.map((row) => row['row_key'])).size, runId).toBe(rows.length);
    }
    await rig.until(
      () => Array.fromAsync(rig.client.workflow.list({ query: "ExecutionStatus = 'Running'" })),
      (running) => running.length === 0,
      'every workflow to be closed',
    );
    expect(await rig.replayAll()).toBeGreaterThan(MOMENTS);
  });
});

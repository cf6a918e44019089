/** @module-tag our-idea-of-bigquery */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { once, startBigQueryRig, type BigQueryRig } from '../google/bigquery-rig.ts';
import { answerLost, stirUp } from '../google/stir-up.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';

const ASSETS = 3_000;
const MIXTURES = 10;
const KILLS = 3;
const random = seededRandom(chooseSeed('mixtures into BigQuery'));

let google: BigQueryRig;
beforeAll(async () => {
  google = await startBigQueryRig();
  stirUp(google.proxy, random);
});
afterAll(() => google[Symbol.asyncDispose]());

/** They rest on our proxy and on what the stand-in answers to a second commit: they test our idea of BigQuery. */
describe('kills of workers and of BigQuery, lost answers and refusals in random order', () => {
  it.each(Array.from({ length: MIXTURES }, (_, index) => `mixture-${index + 1}`))(
    'leave every row once in BigQuery: %s',
    async (runId) => {
      const { rig } = google;
      const callLog = join(rig.dir, runId);
      let worker = await rig.spawnWorker(google.places);
      const handle = await rig.startRun(runId, {
        source: await rig.makeCsv(ASSETS),
        analyzer: { kind: 'noop', settings: { callLog } },
        limits: { shardSize: 100 + Math.floor(random() * 200), insertBatch: 20 + Math.floor(random() * 80) },
        store: google.dataset.spec,
      });
      // Meets any shard at any step: what it has staged is forgotten.
      const appends = Math.ceil(random() * 20);
      const crashed = answerLost(google.proxy, 'AppendRows', appends).then(() => google.crashBigQuery());
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const after = Math.floor(((kill - 1 + random()) / KILLS) * ASSETS * 0.95);
        await rig.until(
          () => rig.calls(callLog),
          (calls) => new Set(calls.map(({ assetId }) => assetId)).size >= after,
          `${after} assets to be called`,
        );
        await worker.kill();
        worker = await rig.spawnWorker(google.places);
      }
      await crashed;
      const summary = (await handle.result()) as RunSummary;
      expect(summary.counts.succeeded).toBe(ASSETS);
      expect(await google.countRows(runId)).toEqual(once(ASSETS));
      await worker.stop();
      await rig.replayAll();
    },
  );
});

/** @module-tag our-idea-of-bigquery */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { once } from '../google/bigquery-rig.ts';
import { forbidStreams, startLoadingRig, type LoadingRig } from '../google/loading-rig.ts';
import { stirUp } from '../google/stir-up.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';

const ASSETS = 3_000;
const MIXTURES = 3;
const KILLS = 3;
const random = seededRandom(chooseSeed('mixtures of loads into BigQuery'));

let google: LoadingRig;
beforeAll(async () => {
  google = await startLoadingRig();
  forbidStreams(google);
  stirUp(google.proxy, random);
  stirUp(google.objects, random);
});
afterAll(() => google[Symbol.asyncDispose]());

/** They rest on our proxies and on what the stand-in answers to a job id that is taken: they test our idea of BigQuery. */
describe('kills, lost answers and refusals in random order', () => {
  it.each(Array.from({ length: MIXTURES }, (_, index) => `loads-${index + 1}`))(
    'leave every row that is loaded once in BigQuery: %s',
    async (runId) => {
      const { rig } = google;
      const callLog = join(rig.dir, runId);
      let worker = await rig.spawnWorker(google.places);
      const handle = await rig.startRun(runId, {
        source: await rig.makeCsv(ASSETS),
        analyzer: { kind: 'noop', settings: { callLog } },
        limits: { shardSize: 100 + Math.floor(random() * 200), insertBatch: 20 + Math.floor(random() * 80) },
        store: google.loads,
      });
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
      const summary = (await handle.result()) as RunSummary;
      expect(summary.counts.succeeded).toBe(ASSETS);
      expect(await google.countRows(runId)).toEqual(once(ASSETS));
      await worker.stop();
      await rig.replayAll();
    },
  );
});

import { join } from 'node:path';
import { expect } from 'vitest';
import type { RunSummary, StoreSpec } from '../../contracts/run.ts';
import { once, type BigQueryRig } from '../google/bigquery-rig.ts';

const ASSETS = 3_000;
const KILLS = 3;

/**
 * Starts a run into BigQuery, kills its workers at random moments, and expects every row once. What goes on `meanwhile` has to
 * end too.
 */
export async function killInTurn(
  google: BigQueryRig,
  runId: string,
  store: StoreSpec,
  random: () => number,
  meanwhile: Promise<void> = Promise.resolve(),
): Promise<void> {
  const { rig } = google;
  const callLog = join(rig.dir, runId);
  let worker = await rig.spawnWorker(google.places);
  const handle = await rig.startRun(runId, {
    source: await rig.makeCsv(ASSETS),
    analyzer: { kind: 'noop', settings: { callLog } },
    limits: { shardSize: 100 + Math.floor(random() * 200), insertBatch: 20 + Math.floor(random() * 80) },
    store,
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
  await meanwhile;
  const summary = (await handle.result()) as RunSummary;
  expect(summary.counts.succeeded).toBe(ASSETS);
  expect(await google.countRows(runId)).toEqual(once(ASSETS));
  await worker.stop();
  await rig.replayAll();
}

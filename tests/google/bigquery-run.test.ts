import { afterAll, beforeAll, expect, test } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBigQuery, type BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { startStorage, type StorageServer } from '../../fake-google/start-storage.ts';
import { loadStreetAssets, type LoadedStreet } from '../../fake-google/street-assets/load-street-assets.ts';
import { createStreetBucket } from '../../fake-google/street-assets/street-bucket.ts';
import type { Activities } from '../../activities/index.ts';
import type { RunPlan, RunSummary } from '../../contracts/run.ts';
import { bigQueryClient, PROJECT, storageClient } from '../support/google-clients.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;
let lost: RunPlan | undefined;
let folder: string;
let bigQuery: BigQueryServer;
let storage: StorageServer;
let loaded: LoadedStreet;
useRig((started) => (rig = started), {}, 'none');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  [bigQuery, storage] = await Promise.all([startBigQuery(), startStorage({ bucketsFolder: folder })]);
  const images = await createStreetBucket(storage, storageClient(storage.url), 'pics', 'seed');
  const options = { assets: 100, seed: 'seed', bucket: 'pics', dataset: 'street', images };
  loaded = await loadStreetAssets(bigQueryClient(bigQuery.url), options);
  await rig.startWorker({
    settings: { bigQueryEndpoint: bigQuery.url, storageEndpoint: storage.url },
    obstruct: losePlan,
  });
});
afterAll(async () => {
  await Promise.all([bigQuery.close(), storage.close()]);
  await rm(folder, { recursive: true });
});

test('a run over observations in BigQuery looks at images in buckets, and each asset has its row', async () => {
  const run = await rig.startRun('street-run', {
    source: `bq://${PROJECT}.street.${loaded.tables.latest}`,
    prompt: 'resolution',
  });
  const summary = (await run.result()) as RunSummary;
  const rows = await rig.rows(summary);
  const byAsset = new Map(rows.map((row) => [row['asset_id'], row]));
  expect(byAsset.size).toBe(rows.length);
  const [missing = '', huge = '', png = '', many = ''] = (
    ['missing-object', 'huge-image', 'png-as-jpg', 'ten-images'] as const
  ).map((oddity) => loaded.oddAssets[oddity][0]);
  expect(byAsset.get(missing)).toMatchObject({ outcome: 'skipped', failure: 'ImageMissing' });
  expect(byAsset.get(huge)).toMatchObject({ outcome: 'skipped', failure: 'ImageTooLarge' });
  expect(byAsset.get(png)).toMatchObject({ outcome: 'succeeded', width: 160, height: 120 });
  expect(byAsset.get(many)).toMatchObject({ outcome: 'succeeded' });
  expect(byAsset.get(many)?.['image_uris']).toHaveLength(10);
  const failed = rows.filter((row) => row['outcome'] !== 'succeeded').map((row) => row['asset_id']);
  expect(new Set(failed)).toEqual(new Set([missing, huge]));
  const { notes } = await rig.progress('street-run');
  expect(notes.join(' ')).toContain('The table is read as it was at ');
});

test('a run whose preparation is repeated reads the table as of the same moment, and is not refused for its own id', async () => {
  const source = { kind: 'bigquery', path: `bq://${PROJECT}.street.${loaded.tables.latest}`, limit: 5 } as const;
  const run = await rig.startRun('prepared-twice', { source, analyzer: { kind: 'noop' } });
  await run.result();
  const plan = (await rig.stores.records.read('prepared-twice'))?.plan;
  expect(plan?.request.source).toHaveProperty('asOf');
  expect(plan?.request).toEqual(lost?.request);
  expect(plan?.notes).toEqual(lost?.notes);
});

/** Nobody hears what the first preparation of a run has done. */
function losePlan(activities: Activities): Activities {
  const { prepareRun } = activities.run;
  return {
    ...activities,
    run: {
      ...activities.run,
      async prepareRun(input) {
        const plan = await prepareRun(input);
        if (input.runId !== 'prepared-twice' || lost !== undefined) return plan;
        lost = plan;
        throw new Error('the answer is lost');
      },
    },
  };
}

import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBigQuery } from '../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { startStorage } from '../../fake-google/start-storage.ts';
import type { StorageServer } from '../../fake-google/start-storage.ts';
import { loadStreetAssets } from '../../fake-google/street-assets/load-street-assets.ts';
import type { LoadedStreet } from '../../fake-google/street-assets/load-street-assets.ts';
import { createStreetBucket } from '../../fake-google/street-assets/street-bucket.ts';
import { bigQueryClient, storageClient } from '../support/google-clients.ts';

const BUCKET = 'street_published_00000000-aaaa-4bbb-8ccc-dddddddddddd__us';
const ASSETS = 1_000;

let folder: string;
let bigQuery: BigQueryServer;
let storage: StorageServer;
let loaded: LoadedStreet;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  [bigQuery, storage] = await Promise.all([
    startBigQuery({ bucketsFolder: folder }),
    startStorage({ bucketsFolder: folder }),
  ]);
  const images = await createStreetBucket(storage, storageClient(storage.url), BUCKET, 'seed');
  const options = { assets: ASSETS, seed: 'seed', bucket: BUCKET, dataset: 'street', images };
  loaded = await loadStreetAssets(bigQueryClient(bigQuery.url), options);
});

afterAll(async () => {
  await Promise.all([bigQuery.close(), storage.close()]);
  await rm(folder, { recursive: true });
});

async function newestUriOf(assetId: string): Promise<string> {
  const [rows] = await bigQueryClient(bigQuery.url).query({
    query: `SELECT gcs_uri FROM street.${loaded.tables.latest} WHERE asset_id = @assetId ORDER BY capture_time DESC LIMIT 1`,
    params: { assetId },
  });
  return (rows as { gcs_uri: string }[])[0]?.gcs_uri ?? '';
}

function fileOf(uri: string) {
  const [bucket = '', ...name] = uri.slice('gs://'.length).split('/');
  return storageClient(storage.url).bucket(bucket).file(name.join('/'));
}

test('the tables hold what was made', async () => {
  const [rows] = await bigQueryClient(bigQuery.url).query(
    `SELECT count(*) AS n, count(DISTINCT asset_id) AS assets, max(camera_pose.altitude) > 0 AS high FROM street.${loaded.tables.latest}`,
  );
  expect(rows).toEqual([{ n: loaded.latestRows, assets: ASSETS, high: true }]);
  expect(loaded.allRows).toBeGreaterThan(loaded.latestRows);
  expect(loaded.assetRows).toBeGreaterThan(2 * ASSETS);
});

// Google's client puts 12 listeners on the stream of a download, whatever its size: no leak, but Node warns of it.
EventEmitter.defaultMaxListeners = 12;

test('images are where the rows say, with their hash, type and generation', async () => {
  const [rows] = await bigQueryClient(bigQuery.url).query(
    `SELECT gcs_uri FROM street.${loaded.tables.latest} WHERE gcs_uri LIKE 'gs://%' LIMIT 20`,
  );
  for (const { gcs_uri: uri } of rows as { gcs_uri: string }[]) {
    const [metadata] = await fileOf(uri).getMetadata();
    expect(metadata).toMatchObject({ contentType: 'image/jpeg', generation: expect.any(String) });
    const [bytes] = await fileOf(uri).download();
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  }
});

test('numbers are text where that is asked for, and tables have the names of their generation', async () => {
  const options = { assets: 10, seed: 'seed', bucket: BUCKET, dataset: 'street_text' };
  await loadStreetAssets(bigQueryClient(bigQuery.url), { ...options, generation: 'preview', numbersAsText: true });
  const [rows] = await bigQueryClient(bigQuery.url).query(
    'SELECT location.latitude AS latitude FROM street_text.latest_observations LIMIT 1',
  );
  expect(rows).toEqual([{ latitude: expect.stringMatching(/^\d\d\.\d+$/) }]);
});

test('odd images are odd', async () => {
  const [missing = '', huge = '', png = ''] = [
    loaded.oddAssets['missing-object'][0],
    loaded.oddAssets['huge-image'][0],
    loaded.oddAssets['png-as-jpg'][0],
  ];
  await expect(fileOf(await newestUriOf(missing)).getMetadata()).rejects.toMatchObject({ code: 404 });
  const [metadata] = await fileOf(await newestUriOf(huge)).getMetadata();
  expect(Number(metadata.size)).toBeGreaterThan(30 * 1024 * 1024);
  const [bytes] = await fileOf(await newestUriOf(png)).download();
  expect(bytes.toString('latin1', 1, 4)).toBe('PNG');
});

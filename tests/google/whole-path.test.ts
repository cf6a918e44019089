import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { startGemini, type GeminiServer } from '../../fake-google/gemini/start-gemini.ts';
import { startStorage, type StorageServer } from '../../fake-google/start-storage.ts';
import { createStreetBucket } from '../../fake-google/street-assets/street-bucket.ts';
import { loadStreetAssets, type LoadedStreet } from '../../fake-google/street-assets/load-street-assets.ts';
import { bigQueryClient, PROJECT, storageClient } from '../support/google-clients.ts';
import { temporalBinary } from '../support/rig.ts';
import { once, startBigQueryRig, type BigQueryRig } from './bigquery-rig.ts';

const ASSETS = 2_000;

let google: BigQueryRig;
let gemini: GeminiServer;
let storage: StorageServer;
let street: LoadedStreet;

beforeAll(async () => {
  [google, gemini] = await Promise.all([startBigQueryRig(), startGemini()]);
  storage = await startStorage({ bucketsFolder: join(google.rig.dir, 'buckets') });
  const images = await createStreetBucket(storage, storageClient(storage.url), 'pictures', 'whole path');
  const client = bigQueryClient(google.proxy.rest.url);
  street = await loadStreetAssets(client, {
    assets: ASSETS,
    seed: 'whole path',
    bucket: 'pictures',
    dataset: 'street',
    images,
  });
});
afterAll(async () => {
  await storage.close();
  await google[Symbol.asyncDispose]();
  await gemini.close();
});

test('observations in BigQuery become answers of Gemini in BigQuery, started from the Temporal CLI', async () => {
  const { rig, dataset } = google;
  const worker = await rig.spawnWorker({
    ...google.places,
    GOOGLE_CLOUD_PROJECT: 'street-1',
    GOOGLE_VERTEX_BASE_URL: gemini.url,
    SIGHTLINE_STORAGE_ENDPOINT: storage.url,
  });
  const input = JSON.stringify({
    source: `bq://${PROJECT}.street.${street.tables.latest}`,
    prompt: 'utility-pole',
    analyzer: { kind: 'gemini' },
    store: `bq://${PROJECT}.${dataset.spec.dataset}`,
  });
  const start = ['workflow', 'start', '--type', 'analyzeRun', '--task-queue', 'sightline', '--workflow-id', 'whole'];
  const where = ['--address', rig.server.address];
  await promisify(execFile)(await temporalBinary(), [...start, '--input', input, ...where]);
  const summary = (await rig.client.workflow.getHandle('whole').result()) as RunSummary;

  const { total, succeeded, not_visible: notVisible, failed } = summary.counts;
  expect(total).toBeGreaterThan(ASSETS * 0.9);
  expect(failed).toBe(0);
  expect(succeeded + notVisible).toBeGreaterThan(total * 0.99);
  const [counts] = await dataset.query(
    'SELECT COUNT(*) AS stored, COUNT(DISTINCT row_key) AS keys_, COUNT(DISTINCT asset_id) AS assets FROM {}.sightline_utility_pole',
  );
  expect(counts).toEqual(once(total));
  const outcomes = await dataset.query(
    'SELECT outcome, COUNT(*) AS number FROM {}.sightline_utility_pole GROUP BY outcome',
  );
  const byOutcome = Object.fromEntries(outcomes.map(({ outcome, number }) => [outcome, number]));
  expect(byOutcome).toMatchObject({ succeeded, ...(notVisible > 0 && { not_visible: notVisible }) });
  // Each was asked for once, by the names of its images.
  expect(gemini.seen()).toMatchObject({
    calls: total - summary.counts.skipped,
    perStatus: { 200: expect.any(Number) },
  });
  await worker.stop();
  expect(await rig.replayAll()).toBeGreaterThan(5);
}, 300_000);

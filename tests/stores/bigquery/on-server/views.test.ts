import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { readWithPython } from '../../../support/read-with-python.ts';
import { CONTEXT, FAILED, rowAt, segmentOf, stageAll } from '../../../suites/store-samples.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
beforeAll(async () => {
  server = await startBigQuery();
});
afterAll(async () => server.close());

type Stores = Awaited<ReturnType<typeof openStoresIn>>;

/** An asset with all that a row can hold, seen again later, and once more without an answer; and one with as little as may be. */
async function fill({ results, place }: Stores): Promise<void> {
  await results.ensure(place, CONTEXT.fields);
  const full = {
    assetId: 'pole ä€😀',
    images: [
      { uri: 'gs://b/ü 1.jpg', observationId: 'o1' },
      { uri: 'https://images.example/2.jpg' },
      { uri: 'gs://b/3.jpg', observationId: 'o3' },
    ],
    location: { latitude: 48.5, longitude: -11.25 },
    detectionTime: '2025-05-04T10:20:30.250Z',
    attributes: { asset_type: 'POLE', note: '"ä"' },
  };
  const older = { caption: 'older', lamps: 1, sharpness: 0.25, usable: true, light: 'day', things: ['a'] };
  const newer = { caption: 'newer “ö”', lamps: 2, sharpness: 0.5, usable: false, light: 'night', things: ['b', 'ç'] };
  const digests = { observed: { imageDigests: ['ab', null, 'cd'] } };
  const rows = [
    rowAt(0, { findings: older, ...digests, analyzedAt: '2026-01-01T00:00:00Z' }, full),
    rowAt(1, { findings: newer, ...digests, analyzedAt: '2026-01-02T03:04:05.678Z', reused: true }, full),
    rowAt(2, { ...FAILED, analyzedAt: '2026-01-03T00:00:00Z' }, full),
    rowAt(3, { analyzedAt: '2026-01-01T00:00:00Z' }),
    rowAt(4, FAILED, { assetId: 'never answered' }),
  ];
  await results.commit(place, CONTEXT, segmentOf(0), await stageAll(results, place, segmentOf(0), rows));
}

const view = ({ dataset }: Stores, name: string) =>
  readWithPython(server.url, `SELECT * FROM ${dataset}.sightline_street_check_${name} ORDER BY asset_id DESC`);

test('the view of the newest has each asset once, by its newest good answer, with every column of the table', async () => {
  await using stores = await openStoresIn(server);
  await fill(stores);
  const [full, bare, ...more] = await view(stores, 'latest');
  expect(more).toEqual([]);
  expect(full).toEqual({
    run_id: CONTEXT.runId,
    row_key: expect.stringMatching(/^[0-9a-f]{16,}$/),
    row_number: 1,
    asset_id: 'pole ä€😀',
    outcome: 'succeeded',
    location: { latitude: 48.5, longitude: -11.25 },
    observation_ids: ['o1', '', 'o3'],
    image_uris: ['gs://b/ü 1.jpg', 'https://images.example/2.jpg', 'gs://b/3.jpg'],
    image_digests: ['ab', '', 'cd'],
    detection_time: '2025-05-04T10:20:30.250000+00:00',
    attributes: '{"asset_type":"POLE","note":"\\"ä\\""}',
    caption: 'newer “ö”',
    lamps: 2,
    sharpness: 0.5,
    usable: false,
    light: 'night',
    things: ['b', 'ç'],
    failure: null,
    failure_message: null,
    analyzer: 'offline',
    model: 'offline-1',
    model_version: '1.0',
    prompt: 'street-check',
    prompt_digest: 'ab12',
    settings: '{"level":2}',
    input_tokens: 10,
    output_tokens: 2,
    thinking_tokens: 0,
    cached_tokens: 1,
    cost_usd: 0.5,
    attempts: 1,
    reused: true,
    latency_ms: 12,
    analyzed_at: '2026-01-02T03:04:05.678000+00:00',
    shard: 0,
    segment: expect.stringContaining('execution-a'),
    run_key: stores.place.key,
  });
  expect(bare).toEqual({
    ...full,
    row_key: expect.not.stringMatching(String(full?.['row_key'])),
    row_number: 3,
    asset_id: 'asset-0000003',
    location: null,
    observation_ids: [''],
    image_uris: ['/photos/3.jpg'],
    image_digests: [],
    detection_time: null,
    attributes: '{}',
    caption: 'picture 3',
    lamps: null,
    sharpness: null,
    usable: null,
    light: null,
    things: [],
    reused: false,
    analyzed_at: '2026-01-01T00:00:00+00:00',
  });
});

test('the view for readers of older tables has their columns, in their order, and the answers', async () => {
  await using stores = await openStoresIn(server);
  await fill(stores);
  const rows = await view(stores, 'by_gcs_uris');
  expect(rows).toEqual([
    {
      asset_id: 'pole ä€😀',
      location: { latitude: 48.5, longitude: -11.25 },
      observation_ids: ['o1', '', 'o3'],
      gcs_uris: ['gs://b/ü 1.jpg', 'gs://b/3.jpg'],
      detection_time: '2025-05-04T10:20:30.250000+00:00',
      caption: 'newer “ö”',
      lamps: 2,
      sharpness: 0.5,
      usable: false,
      light: 'night',
      things: ['b', 'ç'],
    },
    {
      asset_id: 'asset-0000003',
      location: null,
      observation_ids: [''],
      gcs_uris: [],
      detection_time: null,
      caption: 'picture 3',
      lamps: null,
      sharpness: null,
      usable: null,
      light: null,
      things: [],
    },
  ]);
  const before = ['asset_id', 'location', 'observation_ids', 'gcs_uris', 'detection_time'];
  expect(Object.keys(rows[0] ?? {})).toEqual([...before, ...CONTEXT.fields.map(({ name }) => name)]);
});

test('of two good answers of one moment the view has always the same', async () => {
  await using stores = await openStoresIn(server);
  const { results, place, dataset } = stores;
  await results.ensure(place, CONTEXT.fields);
  for (const [number, runId] of ['run-a', 'run-b', 'run-c'].entries()) {
    const context = { ...CONTEXT, runId };
    const segment = { ...segmentOf(number), runId };
    await results.takeOver(place, number, segment.executionId);
    const receipt = await results.stage(place, context, segment, 0, [rowAt(number, {}, { assetId: 'one' })], null);
    await results.commit(place, context, segment, [receipt]);
  }
  const table = `${dataset}.sightline_street_check`;
  const [first] = await readWithPython(server.url, `SELECT row_key FROM ${table} ORDER BY row_key LIMIT 1`);
  const latest = await view(stores, 'latest');
  expect(latest.map((row) => row['row_key'])).toEqual([first?.['row_key']]);
});

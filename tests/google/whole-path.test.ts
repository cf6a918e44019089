import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { decideAnswer } from '../../fake-google/gemini/decide-answer.ts';
import type { GeminiRequest } from '../../fake-google/gemini/read-request.ts';
import type { ReadableAsset } from '../../fake-google/street-assets/readable-assets.ts';
import { bigQueryClient, PROJECT } from '../support/google-clients.ts';
import { temporalBinary } from '../support/rig.ts';
import { once } from './bigquery-rig.ts';
import { startStreetRig, type StreetRig } from './street-rig.ts';

const ASSETS = 2_000;
const SEED = 'whole path';

/** Fields of the prompt. */
const FIELDS = [
  'transformers',
  'power_lines',
  'street_lamps',
  'junction_boxes',
  'condition',
  'material',
  'pole_type',
  'notes',
];

const MD5: unknown = expect.stringMatching(/^md5:[0-9a-f]{32}$/);

let google: StreetRig;
beforeAll(async () => {
  google = await startStreetRig(ASSETS, { seed: SEED });
});
afterAll(() => google[Symbol.asyncDispose]());

/** The same observation once more, of an asset with letters of everywhere, and of one of which neither place nor time is known. */
async function addOdd(of: ReadableAsset): Promise<ReadonlyMap<string, ReadableAsset>> {
  const [seen] = of.observations;
  if (seen === undefined) throw new Error('an asset without an observation');
  const odd = [
    { ...seen, asset_id: 't1:ä€😀 電柱 "a\'b"', asset_type: 'ASSET_CLASS_ÜBERGANG_😀', observation_id: 'o1:n\u0303😀' },
    { ...seen, asset_id: 't1:nowhere', observation_id: 'o1:nowhere', location: null, detection_time: null },
  ];
  const client = bigQueryClient(google.proxy.rest.url);
  for (const { asset_id: id, asset_type: type, observation_id: observation, location } of odd) {
    const unknown =
      location === null
        ? ', STRUCT(CAST(NULL AS FLOAT64) AS latitude, CAST(NULL AS FLOAT64) AS longitude) AS location, CAST(NULL AS TIMESTAMP) AS detection_time'
        : '';
    await client.query({
      query: `INSERT INTO ${google.table} SELECT * REPLACE (@id AS asset_id, @type AS asset_type, @observation AS observation_id${unknown}) FROM ${google.table} WHERE observation_id = @seen`,
      params: { id, type, observation, seen: seen.observation_id },
    });
  }
  return new Map(odd.map((row) => [row.asset_id, { observations: [row as typeof seen], images: of.images }]));
}

/** What the model says to each request, by the images that it is asked about. */
function listen(): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const answers = new Map<string, Readonly<Record<string, unknown>>>();
  const when = (request: GeminiRequest): boolean => {
    const { body } = decideAnswer(request, { seed: SEED }) as { body?: unknown };
    const { candidates } = body as { candidates: [{ content: { parts: [{ text: string }] } }] };
    answers.set(request.asset, JSON.parse(candidates[0].content.parts[0].text) as Record<string, unknown>);
    return false;
  };
  google.gemini.faults.add({ fault: { kind: 'hang' }, when });
  return answers;
}

/** A moment as Python writes it. */
const pythonTime = (time: string): string => time.replace(/(\.\d{3})Z$/, '$1000+00:00').replace('.000000+', '+');

/** The row of an asset, from what was made and what the model has said. */
function rowOf(
  assetId: string,
  { observations, images }: ReadableAsset,
  answers: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
) {
  const [newest] = observations;
  const answer = answers.get(images.join(','));
  if (answer === undefined && images.length > 0)
    throw new Error(`nobody asked about ${images.join(',')} of ${assetId}`);
  const outcome = images.length === 0 ? 'skipped' : answer?.['visible'] === true ? 'succeeded' : 'not_visible';
  return {
    asset_id: assetId,
    outcome,
    failure: outcome === 'skipped' ? 'ImageMissing' : null,
    location: newest?.location ?? null,
    detection_time: newest?.detection_time ? pythonTime(newest.detection_time) : null,
    observation_ids: observations.map((row) => row.observation_id),
    image_uris: observations.map((row) => row.gcs_uri),
    image_digests:
      outcome === 'skipped' ? [] : observations.map(({ gcs_uri: uri }) => (images.includes(uri ?? '') ? MD5 : '')),
    attributes: { asset_type: newest?.asset_type, snapshot_id: newest?.snapshot_id },
    ...Object.fromEntries(FIELDS.map((name) => [name, answer?.[name] ?? null])),
    attempts: 1,
    reused: false,
  };
}

const countBy = <Row>(rows: Iterable<Row>, key: (row: Row) => unknown) =>
  Object.fromEntries([...Map.groupBy(rows, key)].map(([value, group]) => [String(value), group.length]));

test('observations in BigQuery become answers of Gemini in BigQuery, started from the Temporal CLI', async () => {
  const { rig, dataset, gemini, source, made } = google;
  const plain = [...made.values()].find(({ observations, images }) => observations.length === 1 && images.length === 1);
  const assets = new Map([...made, ...(await addOdd(plain!))]);
  const answers = listen();
  const worker = await rig.spawnWorker(google.places);
  const input = JSON.stringify({
    source,
    prompt: 'utility-pole',
    analyzer: { kind: 'gemini' },
    store: `bq://${PROJECT}.${dataset.spec.dataset}`,
  });
  const start = ['workflow', 'start', '--type', 'analyzeRun', '--task-queue', 'sightline', '--workflow-id', 'whole'];
  const where = ['--address', rig.server.address];
  const startedAt = Date.now();
  await promisify(execFile)(await temporalBinary(), [...start, '--input', input, ...where]);
  const summary = (await rig.client.workflow.getHandle('whole').result()) as RunSummary;

  expect(made.size).toBeGreaterThan(ASSETS * 0.9);
  const { total, succeeded, not_visible: notVisible, skipped, failed } = summary.counts;
  const expected = [...assets].map(([id, asset]) => rowOf(id, asset, answers));
  expect(total).toBe(assets.size);
  expect(failed).toBe(0);
  expect(succeeded + notVisible).toBeGreaterThan(total * 0.99);
  const outcomes = { succeeded, not_visible: notVisible, skipped };
  expect(outcomes).toEqual(countBy(expected, (row) => row.outcome));
  expect(await google.countRows('whole', 'utility_pole')).toEqual(once(assets.size));
  const counted = await dataset.query(
    "SELECT outcome, JSON_VALUE(attributes, '$.asset_type') AS type, COUNT(*) AS number FROM {}.sightline_utility_pole GROUP BY outcome, type",
  );
  expect(Object.fromEntries(counted.map(({ outcome, type, number }) => [[outcome, type].join(' '), number]))).toEqual(
    countBy(expected, (row) => [row.outcome, row.attributes.asset_type].join(' ')),
  );

  const names = Object.keys(expected[0] ?? {}).join(', ');
  const found = await dataset.query(
    `SELECT ${names}, analyzed_at, row_number FROM {}.sightline_utility_pole WHERE run_id = 'whole' ORDER BY row_number`,
  );
  const rows = new Map(
    found.map((row) => [row['asset_id'], { ...row, attributes: JSON.parse(String(row['attributes'])) as unknown }]),
  );
  for (const row of expected) expect(rows.get(row.asset_id)).toMatchObject(row);
  expect(found.map((row) => row['row_number'])).toEqual([...found.keys()]);
  for (const { analyzed_at: analyzedAt } of found) {
    expect(analyzedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/);
    expect(Date.parse(String(analyzedAt))).toBeGreaterThanOrEqual(startedAt);
    expect(Date.parse(String(analyzedAt))).toBeLessThanOrEqual(Date.now());
  }
  // Each was asked for once, by the names of its images.
  const asked = [...assets.values()].map(({ images }) => images.join(',')).filter((images) => images !== '');
  expect(gemini.seen()).toMatchObject({ calls: asked.length, perStatus: { 200: asked.length } });
  expect(gemini.seen().perAsset).toEqual(countBy(asked, (images) => images));
  await worker.stop();
  expect(await rig.replayAll()).toBeGreaterThan(5);
}, 300_000);

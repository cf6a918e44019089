import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBigQuery, type BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { loadStreetAssets, type LoadedStreet } from '../../fake-google/street-assets/load-street-assets.ts';
import { makeStreetTable, OLDER_SNAPSHOT } from '../../fake-google/street-assets/make-street-table.ts';
import type { Observation } from '../../fake-google/street-assets/street-rows.ts';
import type { BigQuerySpec } from '../../contracts/source.ts';
import { openGoogle } from '../../google/open-google.ts';
import { createBigQuerySource } from '../../sources/bigquery-source.ts';
import type { Original } from '../../sources/ports.ts';
import { bigQueryClient, PROJECT } from '../support/google-clients.ts';
import { cli } from '../support/recorded-io.ts';
import { assetSourceSuite, readAll } from '../suites/asset-source.suite.ts';

const STREET = { assets: 300, seed: 'seed', bucket: 'pics' };
let server: BigQueryServer;
let loaded: LoadedStreet;
let datasets = 0;

beforeAll(async () => {
  server = await startBigQuery();
  const client = bigQueryClient(server.url);
  loaded = await loadStreetAssets(client, { ...STREET, dataset: 'street' });
  const text = { assets: 20, dataset: 'street_text', generation: 'preview', numbersAsText: true } as const;
  await loadStreetAssets(client, { ...STREET, ...text });
});
afterAll(() => server.close());

const source = createBigQuerySource((project) => openGoogle({ bigQueryEndpoint: server.url }).bigQuery(project));
const street = (table: string, rest: Partial<BigQuerySpec> = {}): BigQuerySpec => ({
  kind: 'bigquery',
  path: `bq://${PROJECT}.street.${table}`,
  ...rest,
});

/** Runs statements one after the other. */
async function sql(...statements: readonly string[]): Promise<void> {
  for (const query of statements) await bigQueryClient(server.url).query(query);
}

assetSourceSuite('a table of BigQuery', {
  source,
  temporaryFolder: async () => {
    const name = `suite_${datasets++}`;
    await bigQueryClient(server.url).createDataset(name);
    return { path: `gs://${name}`, async [Symbol.asyncDispose]() {} };
  },
  good: async (folder) => {
    const dataset = folder.slice('gs://'.length);
    await sql(
      `CREATE TABLE ${dataset}.poles (id STRING, photos ARRAY<STRING>, height INT64)`,
      `INSERT INTO ${dataset}.poles VALUES ('c', ['${folder}/1.jpg'], 3), ('a', ['${folder}/2.jpg', '${folder}/3.jpg'], NULL), (NULL, ['${folder}/4.jpg'], 1), ('b', ['${folder}/5.jpg'], 2)`,
    );
    return { kind: 'bigquery', path: `bq://${PROJECT}.${dataset}.poles`, map: { image: 'photos' } };
  },
  missing: (folder) => ({ kind: 'bigquery', path: `bq://${PROJECT}.${folder.slice(5)}.none` }),
  empty: async (folder) => {
    await sql(`CREATE TABLE ${folder.slice(5)}.nothing (id STRING, photo STRING)`);
    return { kind: 'bigquery', path: `bq://${PROJECT}.${folder.slice(5)}.nothing` };
  },
});

/** What the table should give, found out from its rows in another way. */
function expectedAssets(rows: readonly Observation[], most = 10): ReadonlyMap<string, readonly string[]> {
  const usable = rows.filter(({ gcs_uri: uri }) => uri?.startsWith('gs://'));
  const once = new Map(usable.map((row) => [`${row.asset_id} ${row.observation_id}`, row]));
  const byAsset = Map.groupBy(once.values(), ({ asset_id: id }) => id);
  return new Map(
    [...byAsset].map(([id, observations]) => [
      id,
      observations
        .toSorted((a, b) => b.capture_time.localeCompare(a.capture_time))
        .slice(0, most)
        .map((row) => row.observation_id),
    ]),
  );
}

async function imagesOf(spec: BigQuerySpec): Promise<ReadonlyMap<string, readonly string[]>> {
  const { assets } = await readAll(source, spec);
  return new Map(assets.map(({ assetId, images }) => [assetId, images.map((image) => image.observationId ?? '')]));
}

describe('observations of street imagery', () => {
  const entries = [...makeStreetTable(STREET)];
  const latest = entries.flatMap((entry) => entry.latest);
  const all = entries.flatMap((entry) => [...entry.older, ...entry.latest]);

  it('become assets in the order of their ids, with the newest images first', async () => {
    const found = await imagesOf(street(loaded.tables.latest));
    expect(found).toEqual(expectedAssets(latest));
    expect([...found.keys()]).toEqual([...found.keys()].toSorted());
    expect(Math.max(...[...found.values()].map((images) => images.length))).toBe(10);
  });

  it('have the newest images only, where so many are wanted', async () => {
    expect(await imagesOf(street(loaded.tables.latest, { imagesPerAsset: 2 }))).toEqual(expectedAssets(latest, 2));
  });

  it('tell place, time, class and snapshot of an asset, and the time of each picture', async () => {
    const { assets } = await readAll(source, street(loaded.tables.latest, { limit: 1 }));
    const [asset] = assets;
    const rows = latest.filter((row) => row.asset_id === asset?.assetId);
    const [row] = rows;
    const newest =
      rows
        .map((each) => each.capture_time)
        .toSorted()
        .at(-1) ?? '';
    expect(asset).toMatchObject({
      location: row?.location,
      detectionTime: row?.detection_time.replace('Z', '000Z'),
      attributes: { asset_type: row?.asset_type, snapshot_id: row?.snapshot_id },
    });
    expect(asset?.images[0]?.capturedAt).toBe(newest.replace('Z', '000Z'));
  });

  it('of two snapshots are one asset each, also where it has moved by a hair', async () => {
    const spec = street(loaded.tables.all);
    expect(await imagesOf(spec)).toEqual(expectedAssets(all));
    const [moved = ''] = loaded.oddAssets['moved-location'];
    const { assets } = await readAll(source, spec);
    const newest = latest.find((row) => row.asset_id === moved);
    expect(assets.filter(({ assetId }) => assetId === moved)).toMatchObject([{ location: newest?.location }]);
  });

  it('that do not agree on a place, or have one that is no number, are counted', async () => {
    const oddities = async (spec: BigQuerySpec) => source.oddities?.(await source.settle(spec));
    const places = Map.groupBy(all, (row) => row.asset_id);
    const moved = [...places.values()].filter(
      (rows) => new Set(rows.map(({ location }) => JSON.stringify(location))).size > 1,
    );
    expect(moved.length).toBeGreaterThan(1);
    expect(await oddities(street(loaded.tables.all))).toEqual([
      `${moved.length} assets were seen at more than one place: that of the newest observation is taken`,
    ]);
    expect(await source.describe(street(loaded.tables.all))).toMatchObject({
      value: { oddities: [expect.stringContaining('more than one place')] },
    });
    expect(await oddities(street(loaded.tables.latest, { filters: { snapshot: 'none' } }))).toEqual([]);
    await sql(
      `CREATE TABLE street.no_number AS SELECT * REPLACE (STRUCT(CAST('north' AS STRING) AS latitude, CAST(location.longitude AS STRING) AS longitude) AS location) FROM street.${loaded.tables.latest} LIMIT 1`,
    );
    expect(await oddities(street('no_number'))).toEqual([
      '1 observation has a place that is no number: it is left out',
    ]);
  });

  it('that give no image are counted, each with its reason', async () => {
    const { rejects } = await readAll(source, street(loaded.tables.latest));
    const counts = Map.groupBy(rejects, ({ kind, reason }) => `${kind}: ${reason.replace(/o1:\S+/, 'ID')}`);
    expect(Object.fromEntries([...counts].map(([reason, group]) => [reason, group.length]))).toEqual({
      'bad: the observation ID names no image': loaded.oddAssets['no-uri'].length,
      'bad: the image of the observation ID is not in Cloud Storage (gs://)': loaded.oddAssets['foreign-uri'].length,
      'duplicate: the observation ID came before in its snapshot': loaded.oddAssets['repeated-row'].length,
    });
  });

  it('hold numbers also as text', async () => {
    const spec: BigQuerySpec = { kind: 'bigquery', path: `bq://${PROJECT}.street_text.latest_observations` };
    const { assets } = await readAll(source, spec);
    expect(assets.length).toBeGreaterThan(10);
    for (const { location } of assets) expect(location?.latitude).toBeGreaterThan(20);
  });

  it.each<[string, NonNullable<BigQuerySpec['filters']>, (row: Observation) => boolean]>([
    ['class', { assetClass: 'utility pole' }, (row) => row.asset_type === 'ASSET_CLASS_UTILITY_POLE'],
    ['snapshot', { snapshot: OLDER_SNAPSHOT }, (row) => row.snapshot_id === OLDER_SNAPSHOT],
    ['capture', { capturedAfter: '2020-01-01', capturedBefore: '2023-06-01' }, isBetween('capture_time')],
    ['detection', { detectedAfter: '2020-01-01', detectedBefore: '2023-06-01' }, isBetween('detection_time')],
    [
      'box',
      { area: { box: { south: 40, west: -112, north: 41, east: -111 } } },
      ({ location: { latitude, longitude } }) => Math.floor(latitude) === 40 && Math.floor(longitude) === -112,
    ],
    [
      'radius',
      { area: { centre: { latitude: 34.6937, longitude: 135.5023 }, radiusM: 9_000 } },
      ({ location: { latitude, longitude } }) =>
        // So near, the earth is flat.
        Math.hypot(latitude - 34.6937, (longitude - 135.5023) * Math.cos((34.6937 * Math.PI) / 180)) * 111_195 <= 9_000,
    ],
  ])('are chosen by %s', async (_, filters, holds) => {
    const expected = expectedAssets(all.filter(holds));
    expect(expected.size).toBeGreaterThan(3);
    expect(expected.size).toBeLessThan(300);
    expect(await imagesOf(street(loaded.tables.all, { filters }))).toEqual(expected);
  });

  it('of which none fits are refused', async () => {
    const spec = street(loaded.tables.latest, { filters: { assetClass: 'lamp' } });
    await expect(readAll(source, spec)).rejects.toThrow(
      /has no observations that fit the filters; make them wider\. Classes there: MAINTENANCE_COVER, ROAD_SIGN, UTILITY_POLE$/,
    );
  });

  it.each([
    ['all', {}],
    ['one class', { filters: { assetClass: 'maintenance cover' } }],
    ['so many rows', { limit: 20 }],
  ])('are one statement too, and what is left out another: %s', async (_, rest) => {
    const spec = await source.settle(street(loaded.tables.latest, rest));
    const statement = await source.statement?.(spec);
    if (statement?.dialect !== 'bigquery') throw new Error('no statement');
    const { assets, rejects } = await readAll(source, spec);
    const [rows] = await bigQueryClient(server.url).query(statement.sql);
    expect(rows.map(assetOfRow)).toEqual(assets);
    const [left] = await bigQueryClient(server.url).query(statement.rejectsSql);
    expect(left).toEqual(
      rejects.map(({ kind, reason, original }) => ({ kind, reason, entry: JSON.stringify(objectOf(original)) })),
    );
    expect(left.length).toBeLessThanOrEqual(spec.limit ?? Infinity);
  });

  it('may have no ids and no times of capture, however they are read', async () => {
    const changed = `REPLACE (CAST(NULL AS STRING) AS observation_id, IF(asset_type = 'ASSET_CLASS_ROAD_SIGN', NULL, capture_time) AS capture_time)`;
    await sql(`CREATE TABLE street.no_ids AS SELECT * ${changed} FROM street.${loaded.tables.latest}`);
    const spec = await source.settle(street('no_ids'));
    const { assets } = await readAll(source, spec);
    const images = assets.flatMap((asset) => asset.images);
    expect(images.filter((image) => 'capturedAt' in image).length).toBeGreaterThan(10);
    expect(images.filter((image) => !('capturedAt' in image)).length).toBeGreaterThan(10);
    expect(images.filter((image) => 'observationId' in image)).toEqual([]);
    const statement = await source.statement?.(spec);
    if (statement?.dialect !== 'bigquery') throw new Error('no statement');
    const [rows] = await bigQueryClient(server.url).query(statement.sql);
    expect(rows.map(assetOfRow)).toEqual(assets);
  });

  it('stay as they were when the source was settled', async () => {
    await sql('CREATE TABLE street.shrinking AS SELECT * FROM street.cropped_observations_latest');
    // The server knows the past of a table from its first change on.
    await sql("DELETE FROM street.shrinking WHERE asset_id = 'none'");
    const settled = await source.settle(street('shrinking'));
    await sql('DELETE FROM street.shrinking WHERE TRUE');
    expect((await readAll(source, settled)).assets).toHaveLength(expectedAssets(latest).size);
  });
});

function isBetween(time: 'capture_time' | 'detection_time'): (row: Observation) => boolean {
  return (row) => row[time] >= '2020-01-01' && row[time] < '2023-06-01';
}

function objectOf(original: Original): object {
  if ('text' in original) return { text: original.text };
  return Object.fromEntries(original.columns.map((column, index) => [column, original.cells[index]]));
}

interface StatementRow {
  readonly asset_id: string;
  readonly image_uris: readonly string[];
  readonly image_notes: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly detection_time: string;
  readonly attributes: string;
}

function assetOfRow(row: StatementRow) {
  const notes = JSON.parse(row.image_notes) as readonly object[];
  return {
    assetId: row.asset_id,
    images: row.image_uris.map((uri, index) => ({ uri, ...notes[index] })),
    location: { latitude: row.latitude, longitude: row.longitude },
    detectionTime: row.detection_time,
    attributes: JSON.parse(row.attributes) as object,
  };
}

describe('a query', () => {
  it('is a table whose columns are found out, or several rows per asset', async () => {
    const query = `SELECT asset_id AS pole_id, gcs_uri AS photo, location.latitude AS lat, location.longitude AS lng, camera_pose.heading AS heading FROM street.${loaded.tables.latest} WHERE asset_id = '${loaded.oddAssets['ten-images'][0]}' -- ten`;
    const spec: BigQuerySpec = { kind: 'bigquery', path: `bq://${PROJECT}`, query, rowsPerAsset: 'many' };
    const { assets } = await readAll(source, spec);
    expect(assets).toHaveLength(1);
    expect(assets[0]).toMatchObject({ attributes: { heading: expect.any(Number) }, location: expect.anything() });
    expect(assets[0]?.images).toHaveLength(10);
  });

  it('with several rows per asset and a limit gives so many whole assets', async () => {
    await sql(
      'CREATE TABLE street.several (pole STRING, photo STRING)',
      `INSERT INTO street.several VALUES ${['b', 'a', 'c', 'a', 'b', 'b', 'c', 'a']
        .map((pole, row) => `('${pole}', 'gs://pics/${row}.jpg')`)
        .join(', ')}, (NULL, 'gs://pics/none.jpg')`,
    );
    const map = { id: 'pole', image: 'photo' };
    const first = async (limit: number) => {
      const path = `bq://${PROJECT}.street.several`;
      const { assets, rejects } = await readAll(source, { kind: 'bigquery', path, map, rowsPerAsset: 'many', limit });
      return [assets.map(({ assetId, images }) => `${assetId}${images.length}`).join(' '), rejects.length];
    };
    expect(await first(2)).toEqual(['a3 b3', 0]);
    expect(await first(3)).toEqual(['a3 b3 c2', 0]);
    expect(await first(4)).toEqual(['a3 b3 c2', 1]);
  });

  it('that is wrong is told with its place', async () => {
    const described = await source.describe({ kind: 'bigquery', path: `bq://${PROJECT}`, query: 'SELEC 1' });
    expect(described).toMatchObject({
      failure: { name: 'InvalidRequest', message: expect.stringMatching(/the query cannot be run: .*\[\d+:\d+\]$/) },
    });
  });
});

it('sightline sources inspect tells what a table holds and what reading it takes', async () => {
  const env = { SIGHTLINE_BIGQUERY_ENDPOINT: server.url };
  const path = `bq://${PROJECT}.street.${loaded.tables.latest}`;
  const { code, out, err } = await cli(['sources', 'inspect', path, '--asset-class', 'ROAD_SIGN', '--images', '0'], {
    env,
  });
  expect(code).toBe(0);
  expect(out).toMatch(/BigQuery, observations grouped into assets, as of 20\d\d-/);
  expect(out).toMatch(
    /\n {2}assets {4}(\d+) with \d+ images\n {2}classes {3}ROAD_SIGN \1\n {12}\d+ more assets are .*\n {2}reading {3}0 bytes each time, less than \$0\.01 on demand\n/,
  );
  expect(out).toContain('entries became no asset');
  expect(err).toContain(`Next: npx sightline runs start ${path} --asset-class ROAD_SIGN --wait`);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BigQuerySpec, ObservationFilters } from '../../contracts/source.ts';
import { startBigQuery, type BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { loadStreetAssets, type LoadedStreet } from '../../fake-google/street-assets/load-street-assets.ts';
import { makeStreetTable, NEWEST_SNAPSHOT, OLDER_SNAPSHOT } from '../../fake-google/street-assets/make-street-table.ts';
import type { Asset, Observation } from '../../fake-google/street-assets/street-rows.ts';
import { openGoogle } from '../../google/open-google.ts';
import { createBigQuerySource } from '../../sources/bigquery-source.ts';
import { bigQueryClient, PROJECT } from '../support/google-clients.ts';
import { cli } from '../support/recorded-io.ts';

const STREET = { assets: 100, seed: 'seed', bucket: 'pics' };
const DAY_MS = 86_400_000;

let server: BigQueryServer;
let loaded: LoadedStreet;
beforeAll(async () => {
  server = await startBigQuery();
  loaded = await loadStreetAssets(bigQueryClient(server.url), { ...STREET, dataset: 'street' });
});
afterAll(() => server.close());

const source = createBigQuerySource((project) => openGoogle({ bigQueryEndpoint: server.url }).bigQuery(project));
const street = (table: string, rest: Partial<BigQuerySpec> = {}): BigQuerySpec => ({
  kind: 'bigquery',
  path: `bq://${PROJECT}.${table.includes('.') ? table : `street.${table}`}`,
  ...rest,
});
const factsOf = async (spec: BigQuerySpec) => source.street?.(await source.settle(spec));

async function sql(...statements: readonly string[]): Promise<void> {
  for (const query of statements) await bigQueryClient(server.url).query(query);
}

function inspect(table: string, ...more: readonly string[]) {
  const env = { SIGHTLINE_BIGQUERY_ENDPOINT: server.url };
  return cli(['sources', 'inspect', street(table).path, '--images', '0', ...more], { env });
}

describe('the end of a snapshot of street imagery', () => {
  it('is that of the newest one, or of the one that is chosen', async () => {
    const newest = await factsOf(street(loaded.tables.latest));
    expect(newest?.snapshot?.id).toBe(NEWEST_SNAPSHOT);
    expect(Math.round((Date.parse(newest?.snapshot?.endsAt ?? '') - Date.now()) / DAY_MS)).toBe(33);
    const older = await factsOf(street(loaded.tables.all, { filters: { snapshot: OLDER_SNAPSHOT } }));
    expect(older?.snapshot?.id).toBe(OLDER_SNAPSHOT);
  });

  it('is shown by sources inspect, and warned of when it is near', async () => {
    const shown = await inspect(loaded.tables.latest);
    expect(shown.out).toMatch(
      /\n {2}snapshot {2}The newest snapshot that is read, 5b0e\S+, ends about 20\d\d-\d\d-\d\d, /,
    );
    const warned = await inspect(loaded.tables.all, '--snapshot', OLDER_SNAPSHOT);
    expect(warned.out).toMatch(/\n {2}snapshot {2}Warning: .* in less than 7 days, .* an estimate, 35 days after it /);
    expect(JSON.parse((await inspect(loaded.tables.latest, '--json')).out)).toMatchObject({
      street: { snapshot: { id: NEWEST_SNAPSHOT, ends_at: expect.stringMatching(/^20/) } },
    });
  });

  it('is that of the product of the table, where snapshots are told apart by it', async () => {
    await bigQueryClient(server.url).createDataset('products');
    await sql(
      `CREATE TABLE products.cropped_observations_latest AS SELECT * FROM street.${loaded.tables.latest}`,
      'CREATE TABLE products.snapshots (snapshot_id STRING, creation_time TIMESTAMP, product_types ARRAY<STRING>)',
      "INSERT INTO products.snapshots VALUES ('mine', TIMESTAMP '2026-11-01', ['SV_CROPPED_ASSETS']), ('panoramas', TIMESTAMP '2026-11-20', ['SV_PANO'])",
    );
    const facts = await factsOf(street('products.cropped_observations_latest'));
    expect(facts?.snapshot).toEqual({ id: 'mine', endsAt: '2026-12-06T00:00:00.000Z' });
  });

  it('is not known where there is no table of snapshots, or one of something else', async () => {
    const client = bigQueryClient(server.url);
    await Promise.all([client.createDataset('lonely'), client.createDataset('photos')]);
    await sql(
      `CREATE TABLE lonely.cropped_observations_latest AS SELECT * FROM street.${loaded.tables.latest}`,
      `CREATE TABLE photos.cropped_observations_latest AS SELECT * FROM street.${loaded.tables.latest}`,
      'CREATE TABLE photos.snapshots (id STRING)',
    );
    expect(await factsOf(street('lonely.cropped_observations_latest'))).toEqual({});
    expect(await factsOf(street('photos.cropped_observations_latest'))).toEqual({});
    const { code, out } = await inspect('lonely.cropped_observations_latest');
    expect(code).toBe(0);
    expect(out).not.toContain('snapshot that is read');
  });
});

describe('assets that are listed without any observation', () => {
  const entries = [...makeStreetTable(STREET)];
  const listed = entries.flatMap(({ asset, older }): Asset[] => [...older, asset]);
  const seen = entries.flatMap(({ latest, older }) => [...older, ...latest]);
  const north = ({ location }: Asset) => location.latitude >= 40 && location.latitude <= 50;
  const poles = ({ asset_type: type }: Asset) => type === 'ASSET_CLASS_UTILITY_POLE';

  it.each<[string, ObservationFilters, (row: Asset) => boolean, (row: Observation) => boolean]>([
    ['all', {}, () => true, () => true],
    ['a class', { assetClass: 'UTILITY_POLE' }, poles, poles],
    ['an area', { area: { box: { south: 40, west: -180, north: 50, east: 180 } } }, north, north],
    ['a snapshot', { snapshot: OLDER_SNAPSHOT }, inOlder, inOlder],
    ['a time of detection', { detectedAfter: '2024-01-01' }, detectedLate, detectedLate],
    ['a time of capture', { capturedAfter: '2024-01-01' }, () => true, (row) => row.capture_time >= '2024-01-01'],
  ])('are counted, of %s', async (_, filters, lists, sees) => {
    const withImage = new Set(seen.filter(sees).map((row) => row.asset_id));
    const names = listed.filter(lists).map((row) => row.asset_id);
    const without = new Set(names.filter((id) => !withImage.has(id)));
    const facts = await factsOf(street(loaded.tables.all, { filters }));
    expect(facts?.unseenAssets ?? 0).toBe(without.size);
  });

  it('are told by sources inspect', async () => {
    const { code, out } = await inspect(loaded.tables.latest, '--asset-class', 'UTILITY_POLE');
    const count = entries.filter(({ asset, latest }) => poles(asset) && latest.length === 0).length;
    expect(count).toBeGreaterThan(10);
    expect(code).toBe(0);
    expect(out).toContain(`${count} more assets are listed without any observation: they are not part of the run\n`);
  });

  it('are not counted where the table of assets lacks a column that is filtered', async () => {
    await bigQueryClient(server.url).createDataset('narrow');
    await sql(
      `CREATE TABLE narrow.latest_observations AS SELECT * FROM street.${loaded.tables.latest}`,
      `CREATE TABLE narrow.latest_assets AS SELECT asset_id, asset_type FROM street.${loaded.tables.assets}`,
    );
    const factsWith = (filters: ObservationFilters) => factsOf(street('narrow.latest_observations', { filters }));
    expect(await factsWith({ assetClass: 'UTILITY_POLE' })).toEqual({ unseenAssets: expect.any(Number) });
    expect(await factsWith({ snapshot: NEWEST_SNAPSHOT })).toEqual({});
  });
});

describe('the classes of a table', () => {
  const counts = Map.groupBy(
    [...makeStreetTable(STREET)].filter(({ latest }) => latest.some(({ gcs_uri: uri }) => uri?.startsWith('gs://'))),
    ({ asset }) => asset.asset_type.replace('ASSET_CLASS_', ''),
  );
  const expected = [...counts].map(([assetClass, { length }]) => ({ asset_class: assetClass, assets: length }));

  it('are shown with their assets, the largest first', async () => {
    const { street: facts } = JSON.parse((await inspect(loaded.tables.latest, '--json')).out);
    expect(facts.classes).toEqual(expected.toSorted((a, b) => b.assets - a.assets));
    const { out } = await inspect(loaded.tables.latest);
    expect(out).toMatch(/\n {2}classes {3}UTILITY_POLE \d+, ROAD_SIGN \d+, MAINTENANCE_COVER \d+\n/);
  });

  it('are named where no observation fits the filters', async () => {
    const { code, err } = await inspect(loaded.tables.latest, '--asset-class', 'LAMP');
    expect(code).toBe(2);
    expect(err).toContain('make them wider. Classes there: MAINTENANCE_COVER, ROAD_SIGN, UTILITY_POLE');
  });

  it('are not asked for in a table that has none', async () => {
    await sql(`CREATE TABLE street.empty AS SELECT * FROM street.${loaded.tables.latest} WHERE FALSE`);
    const { err } = await inspect('empty');
    expect(err).toMatch(/has no observations that fit the filters; make them wider\.?\n/);
  });
});

function inOlder(row: Asset): boolean {
  return row.snapshot_id === OLDER_SNAPSHOT;
}

function detectedLate(row: Asset): boolean {
  return row.detection_time >= '2024-01-01';
}

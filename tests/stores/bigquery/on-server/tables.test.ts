import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRestProxy } from '../../../../fake-google/fault-proxy/start-rest-proxy.ts';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { StoreMismatchError, StoreRefusedError, StoreUnavailableError } from '../../../../stores/ports.ts';
import { openBigQueryStores } from '../../../../stores/bigquery/open-bigquery-stores.ts';
import { openDataset } from '../../../../stores/bigquery/dataset.ts';
import { runOnce } from '../../../../stores/bigquery/run-once.ts';
import { openBigQuery } from '../../../../stores/bigquery/open-bigquery.ts';
import { PROJECT, anyCredentials, bigQueryClient } from '../../../support/google-clients.ts';
import { CONTEXT, FAILED, assetsBetween, rowAt, segmentOf, stageAll } from '../../../suites/store-samples.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
beforeAll(async () => {
  server = await startBigQuery();
});
afterAll(async () => server.close());

const query = async (sql: string) => (await bigQueryClient(server.url).query(sql))[0] as Record<string, unknown>[];

test('a table takes rows of a prompt that has gained fields, and keeps those from before', async () => {
  await using stores = await openStoresIn(server);
  const { results, reader, place } = stores;
  const before = CONTEXT.fields.filter(({ name }) => !['lamps', 'light', 'things'].includes(name));
  await results.ensure(place, before);
  await results.takeOver(place, 0, 'a');
  const old = await results.stage(place, { ...CONTEXT, fields: before }, segmentOf(0, 'a'), 0, [rowAt(0)], null);
  await results.commit(place, CONTEXT, segmentOf(0, 'a'), [old]);
  await results.ensure(place, CONTEXT.fields);
  const findings = { caption: 'new', lamps: 2, light: 'night', things: ['a', 'b'] };
  const receipts = await stageAll(results, place, segmentOf(1), [rowAt(1, { findings })]);
  await results.commit(place, CONTEXT, segmentOf(1), receipts);
  expect(await reader.list(place, { limit: 10 })).toMatchObject([
    { caption: 'picture 0', lamps: null, light: null },
    findings,
  ]);
  const asText = CONTEXT.fields.map((field) =>
    field.name === 'lamps' ? { ...field, type: 'string' as const } : field,
  );
  await expect(results.ensure(place, asText)).rejects.toThrow(StoreRefusedError);
});

test('rows wait for columns that BigQuery has not told everybody of yet', async () => {
  await using stores = await openStoresIn(server);
  const { results, place, dataset } = stores;
  await results.ensure(place, CONTEXT.fields);
  await results.takeOver(place, 0, 'a');
  const table = bigQueryClient(server.url).dataset(dataset).table('sightline_street_check');
  const [metadata] = await table.getMetadata();
  const { fields } = (metadata as { schema: { fields: { name: string }[] } }).schema;
  const stage = () => stageAll(results, place, segmentOf(0, 'a'), [rowAt(0)]);
  await table.setMetadata({ schema: { fields: fields.filter(({ name }) => name !== 'lamps') } });
  await expect(stage()).rejects.toThrow(/does not know .* its newest columns, yet/);
  await table.setMetadata({ schema: { fields } });
  await results.commit(place, CONTEXT, segmentOf(0, 'a'), await stage());
});

test('a view has the newest good answer for each asset, another one by the names of older tables', async () => {
  await using stores = await openStoresIn(server);
  const { results, place, dataset } = stores;
  await results.ensure(place, CONTEXT.fields);
  await results.ensure(place, CONTEXT.fields);
  const images = [{ uri: 'gs://b/1.jpg', observationId: 'o1' }, { uri: '/local.jpg' }];
  const rows = [
    rowAt(0, { findings: { caption: 'first' }, analyzedAt: '2026-01-01T00:00:00Z' }, { images }),
    rowAt(
      1,
      { findings: { caption: 'second' }, analyzedAt: '2026-01-02T00:00:00Z' },
      { assetId: 'asset-0000000', images },
    ),
    rowAt(2, { ...FAILED, analyzedAt: '2026-01-03T00:00:00Z' }, { assetId: 'asset-0000000' }),
  ];
  await results.commit(place, CONTEXT, segmentOf(0), await stageAll(results, place, segmentOf(0), rows));
  const table = `${dataset}.sightline_street_check`;
  expect(await query(`SELECT row_number, caption FROM ${table}_latest`)).toEqual([
    { row_number: 1, caption: 'second' },
  ]);
  expect(await query(`SELECT asset_id, gcs_uris, caption, lamps FROM ${table}_by_gcs_uris`)).toEqual([
    { asset_id: 'asset-0000000', gcs_uris: ['gs://b/1.jpg'], caption: 'second', lamps: null },
  ]);
});

test('views stay as they are when versions of a prompt start in turn, and know the answers of both', async () => {
  await using stores = await openStoresIn(server);
  const { results, place, dataset } = stores;
  const older = CONTEXT.fields.filter(({ name }) => name !== 'lamps');
  const newer = CONTEXT.fields.filter(({ name }) => name !== 'caption');
  const look = () =>
    query(`SELECT table_name, view_definition FROM ${dataset}.INFORMATION_SCHEMA.VIEWS ORDER BY table_name`);
  await results.ensure(place, older);
  await results.ensure(place, newer);
  const views = await look();
  expect(views[0]?.['view_definition']).toMatch(/`caption`.*`lamps`/s);
  await results.ensure(place, older);
  expect(await look()).toEqual(views);
  await results.ensure(place, newer);
  expect(await look()).toEqual(views);
});

test('a view that has the name of a table of results is refused', async () => {
  await using stores = await openStoresIn(server);
  await query(`CREATE VIEW ${stores.dataset}.sightline_street_check AS SELECT 1 AS n`);
  await expect(stores.results.ensure(stores.place, CONTEXT.fields)).rejects.toThrow(
    new StoreRefusedError(
      'sightline_street_check is no table but a VIEW: move it away, or give the prompt another name.',
    ),
  );
});

test('a dataset that does not exist is refused, with how to make it', async () => {
  const connection = openBigQuery({ project: PROJECT, apiEndpoint: server.url, authClient: anyCredentials() });
  await using stores = await openStoresIn(server);
  const spec = { kind: 'bigquery', project: PROJECT, dataset: 'nowhere' } as const;
  const ensuring = openBigQueryStores(spec, connection).results.ensure({ ...stores.place, store: spec }, []);
  await expect(ensuring).rejects.toThrow(StoreRefusedError);
  await expect(ensuring).rejects.toThrow(`gcloud setup --store bq://${PROJECT}.nowhere`);
});

test('a server that is away is worth another try', async () => {
  const connection = openBigQuery({
    project: PROJECT,
    apiEndpoint: 'http://127.0.0.1:9',
    grpcEndpoint: '127.0.0.1:9',
    authClient: anyCredentials(),
  });
  const spec = { kind: 'bigquery', project: PROJECT, dataset: 'any' } as const;
  await using stores = await openStoresIn(server);
  const place = { ...stores.place, store: spec };
  await expect(openBigQueryStores(spec, connection).results.visible(place, 0)).rejects.toThrow(/^Cannot /);
  connection.close();
});

test('rows of an execution that has not taken its shard over are refused', async () => {
  await using stores = await openStoresIn(server);
  const { results, place } = stores;
  await results.ensure(place, CONTEXT.fields);
  const staging = results.stage(place, CONTEXT, segmentOf(0), 0, [rowAt(0)], null);
  await expect(staging).rejects.toThrow(StoreMismatchError);
});

test('an execution that was taken over from stages nothing more', async () => {
  await using stores = await openStoresIn(server);
  const { results, place } = stores;
  await results.ensure(place, CONTEXT.fields);
  const [first] = await stageAll(results, place, segmentOf(0, 'a'), [rowAt(0)]);
  await results.takeOver(place, 0, 'b');
  const stage = (number: number, offset: number) =>
    results.stage(place, CONTEXT, segmentOf(0, 'a', number), offset, [rowAt(1)], offset === 0 ? null : (first ?? null));
  await expect(stage(0, 1)).rejects.toThrow(StoreMismatchError);
  await expect(stage(1, 0)).rejects.toThrow(/has taken the shard over/);
});

test('a manifest is copied by one statement where the source has one, and read row by row where that fails', async () => {
  await using stores = await openStoresIn(server);
  const { manifests, place, dataset } = stores;
  await query(
    `CREATE TABLE ${dataset}.source AS SELECT CONCAT('asset-', CAST(n AS STRING)) AS id FROM UNNEST([3, 1, 2]) AS n`,
  );
  const sql = `SELECT id AS asset_id, [CONCAT('gs://b/', id)] AS image_uris, '[{"observationId":"o"}]' AS image_notes,
    1.5 AS latitude, 2.5 AS longitude, CAST(NULL AS STRING) AS detection_time, '{"a":1}' AS attributes FROM ${dataset}.source`;
  const never = () => {
    throw new Error('must not be read');
  };
  const rest = { rejectsSql: NO_REJECTS, maximumBytesBilled: 1e9 } as const;
  const ref = await manifests.freeze(place, { assets: never, statement: { dialect: 'bigquery', sql, ...rest } });
  expect(ref).toMatchObject({ rows: 3, rejected: 0, duplicates: 0, rejects: null });
  expect(await manifests.read(place, ref, [{ start: 0, end: 2 }])).toEqual(
    [1, 2].map((asset, row) => ({
      row,
      assetId: `asset-${asset}`,
      images: [{ uri: `gs://b/asset-${asset}`, observationId: 'o' }],
      location: { latitude: 1.5, longitude: 2.5 },
      attributes: { a: 1 },
    })),
  );
  await manifests.drop(place);
  for (const statement of [
    { dialect: 'bigquery', sql, ...rest, rejectsSql: 'SELECT nonsense' },
    { dialect: 'bigquery', sql: `${sql} UNION ALL ${sql}`, ...rest },
    { dialect: 'bigquery', sql: 'SELECT nonsense', ...rest },
    { dialect: 'duckdb', sql, holds: () => Promise.resolve(true) },
  ] as const) {
    const read = await manifests.freeze(place, { assets: () => assetsBetween(0, 5), statement });
    expect(read.rows).toBe(5);
    await manifests.drop(place);
  }
});

const isCopy = ({ configuration }: { configuration?: { query?: { query?: string } } }) =>
  configuration?.query?.query?.includes('CREATE TABLE') === true;

const NO_REJECTS = "SELECT 'bad' AS kind, '' AS reason, '' AS entry FROM UNNEST([1]) AS n WHERE n > 1";

test(
  'what an attempt has copied stays when its rejects cannot be told just now, and the next adopts it',
  { tags: ['our-idea-of-bigquery'] },
  async () => {
    await using proxy = await startRestProxy(server.url);
    await using stores = await openStoresIn(server, { ...server, url: proxy.url });
    const { manifests, place, dataset } = stores;
    await query(
      `CREATE TABLE ${dataset}.source AS SELECT CONCAT('asset-', CAST(n AS STRING)) AS id FROM UNNEST([1, 2]) AS n`,
    );
    const sql = `SELECT id AS asset_id, ['gs://b/x'] AS image_uris, CAST(NULL AS STRING) AS image_notes, 1.5 AS latitude,
    2.5 AS longitude, CAST(NULL AS STRING) AS detection_time, '{}' AS attributes FROM ${dataset}.source`;
    const rejectsSql = `SELECT IF(n = 1, 'duplicate', 'bad') AS kind, 'odd' AS reason, '{}' AS entry FROM UNNEST([1, 2, 3]) AS n`;
    const posted: string[] = [];
    proxy.rules.add({
      fault: { kind: 'slow', delayMs: 0 },
      when({ method, path, body }) {
        if (method === 'POST' && path.includes('/jobs')) posted.push(body);
        return false;
      },
    });
    proxy.rules.add({
      fault: { kind: 'refuse', status: 403, reason: 'quotaExceeded', message: 'Quota exceeded: try again' },
      times: 1,
      when: ({ body }) => body.includes('_rejects') && body.includes('CREATE TABLE'),
    });
    const freeze = () =>
      manifests.freeze(place, {
        assets: () => {
          throw new Error('must not be read');
        },
        statement: { dialect: 'bigquery', sql, rejectsSql, maximumBytesBilled: 7_000_000 },
      });
    await expect(freeze()).rejects.toThrow(StoreUnavailableError);
    await query(`DELETE FROM ${dataset}.source WHERE TRUE`);
    const ref = await freeze();
    expect(ref).toMatchObject({ rows: 2, rejected: 3, duplicates: 1, rejects: expect.stringMatching(/_rejects$/) });
    expect(await manifests.read(place, ref, [{ start: 0, end: 2 }])).toHaveLength(2);
    const copies = posted.map((body) => JSON.parse(body)).filter(isCopy);
    expect(copies.length).toBeGreaterThanOrEqual(3);
    for (const { configuration } of copies) expect(configuration.query.maximumBytesBilled).toBe('7000000');
  },
);

test('rows of a manifest are found where they do not lie in their order, and one that is missing is noticed', async () => {
  await using stores = await openStoresIn(server);
  const { manifests, place, dataset } = stores;
  const ref = await manifests.freeze(place, { assets: () => assetsBetween(0, 30) });
  const table = `${dataset}.${ref.uri}`;
  await query(`CREATE TABLE ${dataset}.shuffled AS SELECT * FROM ${table} ORDER BY row_number DESC`);
  await query(`TRUNCATE TABLE ${table}`);
  await query(`INSERT INTO ${table} SELECT * FROM ${dataset}.shuffled`);
  const rows = await manifests.read(place, ref, [{ start: 3, end: 6 }]);
  expect(rows.map(({ row }) => row)).toEqual([3, 4, 5]);
  const many = Array.from({ length: 10 }, (_, index) => ({ start: index * 2, end: index * 2 + 1 }));
  expect(await manifests.read(place, ref, many)).toHaveLength(10);
  await query(`DELETE FROM ${table} WHERE row_number = 4`);
  await expect(manifests.read(place, ref, [{ start: 3, end: 6 }])).rejects.toThrow(/Row 4 is missing/);
});

test(
  'a statement runs once under its name, and again under it only after it has failed',
  { tags: ['our-idea-of-bigquery'] },
  async () => {
    await using stores = await openStoresIn(server);
    const connection = openBigQuery({ project: PROJECT, apiEndpoint: server.url, authClient: anyCredentials() });
    const store = openDataset({ kind: 'bigquery', project: PROJECT, dataset: stores.dataset }, connection);
    const target = store.quoted('counted');
    const count = () => runOnce(store, 'count', `INSERT INTO ${target} (n) VALUES (1)`);
    await expect(count()).rejects.toMatchObject({ errors: [{ reason: 'notFound' }] });
    await expect(count()).rejects.toMatchObject({ errors: [{ reason: 'notFound' }], retryAfterMs: 1_000 });
    await expect(count()).rejects.toMatchObject({ errors: [{ reason: 'notFound' }], retryAfterMs: 4_000 });
    await query(`CREATE TABLE ${stores.dataset}.counted (n INT64)`);
    await Promise.all([count(), count(), count()]);
    await count();
    expect(await query(`SELECT COUNT(*) AS n FROM ${stores.dataset}.counted`)).toEqual([{ n: 1 }]);
  },
);

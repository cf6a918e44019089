import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRestProxy } from '../../../../fake-google/fault-proxy/start-rest-proxy.ts';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { PROJECT, bigQueryClient } from '../../../support/google-clients.ts';
import { assetsBetween } from '../../../suites/store-samples.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
beforeAll(async () => {
  server = await startBigQuery();
});
afterAll(async () => server.close());

const query = async (sql: string) => (await bigQueryClient(server.url).query(sql))[0] as Record<string, unknown>[];

test('rejected entries stand in a table beside the manifest, with the digest of the request, and go with it', async () => {
  await using stores = await openStoresIn(server);
  const { manifests, place, dataset } = stores;
  const requestDigest = 'ab'.repeat(32);
  const columns = ['id', 'photo'];
  const ref = await manifests.freeze(place, {
    requestDigest,
    async *assets(onReject) {
      onReject({ line: 2, kind: 'bad', reason: 'no id', original: { columns, cells: ['', 'it\'s "a".jpg'] } });
      yield* assetsBetween(0, 3);
      onReject({ line: 7, kind: 'duplicate', reason: 'came before', original: { columns, cells: ['1'] } });
      onReject({ line: null, kind: 'bad', reason: 'no JSON', original: { text: '{"id":' } });
    },
  });
  const table = `${ref.uri}_rejects`;
  expect(ref).toMatchObject({ rejected: 3, duplicates: 1, rejects: `bq://${PROJECT}.${dataset}.${table}` });
  const entries = await query(`SELECT * FROM ${dataset}.${table} ORDER BY sightline_line NULLS LAST`);
  expect(entries).toEqual([
    { sightline_line: 2, sightline_reason: 'no id', kind: 'bad', entry: '{"id":"","photo":"it\'s \\"a\\".jpg"}' },
    { sightline_line: 7, sightline_reason: 'came before', kind: 'duplicate', entry: '["1"]' },
    { sightline_line: null, sightline_reason: 'no JSON', kind: 'bad', entry: '{"id":' },
  ]);
  for (const name of [ref.uri, table]) {
    const [metadata] = await bigQueryClient(server.url).dataset(dataset).table(name).getMetadata();
    expect(metadata.labels).toEqual({ sightline_request: requestDigest.slice(0, 40) });
  }
  expect(await manifests.find(place)).toEqual(ref);
  await manifests.drop(place);
  const [left] = await bigQueryClient(server.url).dataset(dataset).getTables();
  expect(left).toEqual([]);
});

test('rejected entries with halves of characters, which BigQuery takes in no load, are kept without them', async () => {
  await using stores = await openStoresIn(server);
  const { manifests, place, dataset } = stores;
  const ref = await manifests.freeze(place, {
    async *assets(onReject) {
      onReject({ line: 1, kind: 'bad', reason: 'the id "\ud83d" came before', original: { text: 'a\ude00' } });
      yield* assetsBetween(0, 1);
    },
  });
  expect(await query(`SELECT sightline_reason, entry FROM ${dataset}.${ref.uri}_rejects`)).toEqual([
    { sightline_reason: 'the id "\ufffd" came before', entry: 'a\ufffd' },
  ]);
});

test(
  'reading a manifest puts its end and that of its rejects off, once a day',
  { tags: ['our-idea-of-bigquery'] },
  async () => {
    await using proxy = await startRestProxy(server.url);
    await using stores = await openStoresIn(server, { ...server, url: proxy.url });
    const { manifests, place } = stores;
    const renewed: string[] = [];
    proxy.rules.add({
      fault: { kind: 'slow', delayMs: 0 },
      when: ({ method, path, body }) => {
        if (method === 'PATCH' && body.includes('expirationTime'))
          renewed.push(path.replace(/^.*\/tables\/|\?.*$/g, ''));
        return false;
      },
    });
    const ref = await manifests.freeze(place, {
      async *assets(onReject) {
        onReject({ line: 1, kind: 'bad', reason: 'no id', original: { text: '{}' } });
        yield* assetsBetween(0, 3);
      },
    });
    const read = () => manifests.read(place, ref, [{ start: 0, end: 1 }]);
    await Promise.all([read(), read()]);
    await read();
    expect(renewed.toSorted()).toEqual([ref.uri, `${ref.uri}_rejects`]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 25 * 3_600_000 });
    try {
      await read();
      expect(renewed).toHaveLength(4);
    } finally {
      vi.useRealTimers();
    }
  },
);

test(
  'a manifest whose end cannot be put off can be read all the same',
  { tags: ['our-idea-of-bigquery'] },
  async () => {
    await using proxy = await startRestProxy(server.url);
    await using stores = await openStoresIn(server, { ...server, url: proxy.url });
    const ref = await stores.manifests.freeze(stores.place, { assets: () => assetsBetween(0, 3) });
    proxy.rules.add({
      fault: { kind: 'refuse', status: 403, reason: 'accessDenied' },
      when: ({ method }) => method === 'PATCH',
    });
    expect(await stores.manifests.read(stores.place, ref, [{ start: 0, end: 3 }])).toHaveLength(3);
  },
);

test('a source that is kept in another location is read row by row', { tags: ['our-idea-of-bigquery'] }, async () => {
  await using proxy = await startRestProxy(server.url);
  await using stores = await openStoresIn(server, { ...server, url: proxy.url });
  const message = `Not found: Dataset ${PROJECT}:elsewhere was not found in location US`;
  const isCopy = ({ body }: { readonly body: string }) => body.includes('CREATE TABLE IF NOT EXISTS');
  proxy.rules.add({ fault: { kind: 'refuse', status: 404, reason: 'notFound', message }, when: isCopy });
  const ref = await stores.manifests.freeze(stores.place, {
    assets: () => assetsBetween(0, 3),
    statement: { dialect: 'bigquery', sql: 'SELECT 1', rejectsSql: 'SELECT 1', maximumBytesBilled: 1e9 },
  });
  expect(ref.rows).toBe(3);
});

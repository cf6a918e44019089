import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRestProxy, type RestProxy } from '../../../../fake-google/fault-proxy/start-rest-proxy.ts';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { loadStreetAssets } from '../../../../fake-google/street-assets/load-street-assets.ts';
import { openGoogle } from '../../../../google/open-google.ts';
import { createBigQuerySource } from '../../../../sources/bigquery-source.ts';
import { PROJECT, bigQueryClient } from '../../../support/google-clients.ts';
import { CONTEXT } from '../../../suites/store-samples.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
let proxy: RestProxy;
beforeAll(async () => {
  server = await startBigQuery();
  proxy = await startRestProxy(server.url);
});
afterAll(async () => {
  await proxy.close();
  await server.close();
});

/** The bodies of all that is sent from now on; nothing is changed on the way. */
function sent(): readonly string[] {
  const bodies: string[] = [];
  const when = ({ method, body }: { readonly method: string; readonly body: string }): boolean => {
    if (method === 'POST') bodies.push(body);
    return false;
  };
  proxy.rules.add({ fault: { kind: 'slow', delayMs: 0 }, when });
  return bodies;
}

test('a table of results lies in days of its answers, and the rows of a run and of a shard together', async () => {
  await using stores = await openStoresIn(server, { ...server, url: proxy.url });
  const bodies = sent();
  await stores.results.ensure(stores.place, CONTEXT.fields);
  const layout = {
    timePartitioning: { type: 'DAY', field: 'analyzed_at' },
    clustering: { fields: ['run_key', 'shard', 'asset_id'] },
  };
  const tables = bodies.map((body) => JSON.parse(body) as object).filter((body) => 'schema' in body);
  expect(tables).toEqual([expect.objectContaining(layout)]);
  const table = bigQueryClient(server.url).dataset(stores.dataset).table('sightline_street_check');
  const [metadata] = await table.getMetadata();
  expect(metadata).toMatchObject(layout);
});

test('observations of street imagery are frozen by one statement, and what they reject by another, into tables that go away by themselves and name their request', async () => {
  const client = bigQueryClient(server.url);
  await loadStreetAssets(client, { assets: 50, seed: 'seed', bucket: 'pics', dataset: 'street' });
  await using stores = await openStoresIn(server, { ...server, url: proxy.url });
  const source = createBigQuerySource(openGoogle({ bigQueryEndpoint: server.url }).bigQuery);
  const settled = await source.settle({ kind: 'bigquery', path: `bq://${PROJECT}.street.cropped_observations_latest` });
  const statement = (await source.statement?.(settled)) ?? null;
  const bodies = sent();
  const manifest = await stores.manifests.freeze(stores.place, {
    requestDigest: '0123456789abcdef'.repeat(4),
    statement,
    assets: () => {
      throw new Error('must not be read');
    },
  });
  expect(manifest.rows).toBeGreaterThan(40);
  const creating = bodies.filter((body) => body.includes('CREATE TABLE'));
  expect(creating).toHaveLength(2);
  for (const [index, table] of [manifest.uri, `${manifest.uri}_rejects`].entries()) {
    const { configuration } = JSON.parse(creating[index] ?? '') as { configuration: { query: { query: string } } };
    const [head = '', ...select] = configuration.query.query.split(/\sAS SELECT\s/);
    expect(head.replaceAll(/\s+/g, ' ')).toBe(
      `CREATE TABLE IF NOT EXISTS \`${PROJECT}\`.\`${stores.dataset}\`.\`${table}\` OPTIONS(expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 180 DAY), labels = [('sightline_request', '0123456789abcdef0123456789abcdef01234567')])`,
    );
    expect(select.join(' ')).toContain('street');
  }
});

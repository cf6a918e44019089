import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBigQuery, type BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { StoreRefusedError } from '../../../../stores/ports.ts';
import { bigQueryClient } from '../../../support/google-clients.ts';
import { CONTEXT } from '../../../suites/store-samples.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
beforeAll(async () => {
  server = await startBigQuery();
});
afterAll(() => server.close());

const query = async (sql: string) => (await bigQueryClient(server.url).query(sql))[0] as Record<string, unknown>[];

test.each([
  ['table', 'AS SELECT 7 AS kept', 'is no view but a TABLE'],
  ['view', 'AS SELECT 7 AS kept', 'is a view that Sightline has not made'],
])('a %s of somebody else that has the name of one of our views is refused, and stays', async (kind, as, what) => {
  await using stores = await openStoresIn(server);
  for (const name of ['sightline_street_check_latest', 'sightline_street_check_by_gcs_uris']) {
    const taken = `${stores.dataset}.${name}`;
    await query(`CREATE ${kind} ${taken} ${as}`);
    const ensuring = stores.results.ensure(stores.place, CONTEXT.fields);
    await expect(ensuring).rejects.toThrow(StoreRefusedError);
    await expect(ensuring).rejects.toThrow(`${name} ${what}. Move it away, or give the prompt another name.`);
    expect(await query(`SELECT * FROM ${taken}`)).toEqual([{ kept: 7 }]);
    await query(`DROP ${kind} ${taken}`);
  }
  await stores.results.ensure(stores.place, CONTEXT.fields);
});

test.each(['sightline_runs', 'sightline_blobs'])(
  'a table of somebody else called %s is refused by whoever reads or writes it',
  async (name) => {
    await using stores = await openStoresIn(server);
    await query(`CREATE TABLE ${stores.dataset}.${name} (a INT64)`);
    const { records, blobs } = stores;
    const ref = 'a'.repeat(64);
    const calls =
      name === 'sightline_runs'
        ? [() => records.read('my-run'), () => records.list(), () => records.claim('my-run', 'e', 'd')]
        : [() => blobs.get(ref), () => blobs.put({ a: 1 }, 100)];
    for (const call of calls) {
      const refused = call();
      await expect(refused).rejects.toThrow(StoreRefusedError);
      await expect(refused).rejects.toThrow(
        / is not the table that Sightline keeps under this name: it has no column /,
      );
    }
  },
);

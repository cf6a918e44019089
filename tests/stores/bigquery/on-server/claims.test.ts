import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBigQuery, type BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { bigQueryClient } from '../../../support/google-clients.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
beforeAll(async () => {
  server = await startBigQuery();
});
afterAll(() => server.close());

// That BigQuery remembers the job of a claim whose table is gone is what the strict answers of the stand-in say.
test(
  'a run id whose claim went with its table can be claimed again, by one of many',
  { tags: ['our-idea-of-bigquery'] },
  async () => {
    await using stores = await openStoresIn(server);
    expect(await stores.records.claim('lost-run', 'first', 'digest')).toBe(true);
    for (const [one, other] of [
      ['second', 'third'],
      ['fourth', 'fifth'],
    ] as const) {
      await bigQueryClient(server.url).dataset(stores.dataset).table('sightline_runs').delete();
      const claims = await Promise.all(
        [one, other].map((execution) => stores.again().records.claim('lost-run', execution, 'digest')),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      const owner = claims[0] === true ? one : other;
      expect(await stores.again().records.claim('lost-run', owner, 'digest')).toBe(true);
    }
    expect(await stores.again().records.claim('lost-run', 'first', 'digest')).toBe(false);
  },
);

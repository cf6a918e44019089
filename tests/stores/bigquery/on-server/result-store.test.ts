/** @module-tag our-idea-of-bigquery */
import { afterAll, beforeAll } from 'vitest';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { resultStoreSuite } from '../../../suites/result-store.suite.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
beforeAll(async () => {
  server = await startBigQuery();
});
afterAll(async () => server.close());

resultStoreSuite('a table of BigQuery', () => openStoresIn(server));

import { afterAll, beforeAll } from 'vitest';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { resultSummarySuite } from '../../../suites/result-summary.suite.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
beforeAll(async () => {
  server = await startBigQuery();
});
afterAll(async () => server.close());

resultSummarySuite('a table of BigQuery', () => openStoresIn(server));

import { afterAll, beforeAll } from 'vitest';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { resultReaderSuite } from '../../../suites/result-reader.suite.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
beforeAll(async () => {
  server = await startBigQuery();
});
afterAll(async () => server.close());

resultReaderSuite('a table of BigQuery', () => openStoresIn(server));

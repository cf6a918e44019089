import { afterAll, beforeAll } from 'vitest';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { blobStoreSuite } from '../../../suites/blob-store.suite.ts';
import { manifestStoreSuite } from '../../../suites/manifest-store.suite.ts';
import { runRecordsSuite } from '../../../suites/run-records.suite.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
beforeAll(async () => {
  server = await startBigQuery();
});
afterAll(async () => server.close());

manifestStoreSuite('a table of BigQuery', async () => {
  const opened = await openStoresIn(server);
  return { ...opened, store: opened.manifests };
});
runRecordsSuite('a table of BigQuery', () => openStoresIn(server));
blobStoreSuite('a table of BigQuery', () => openStoresIn(server));

import { afterAll, beforeAll, describe } from 'vitest';
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

// Which manifest holds and whose a run is, is told by which of two jobs of one name was first.
describe('where a job runs once', { tags: ['our-idea-of-bigquery'] }, () => {
  manifestStoreSuite('a table of BigQuery', async () => {
    const opened = await openStoresIn(server);
    return { ...opened, store: opened.manifests };
  });
  runRecordsSuite('a table of BigQuery', () => openStoresIn(server));
});
blobStoreSuite('a table of BigQuery', () => openStoresIn(server));

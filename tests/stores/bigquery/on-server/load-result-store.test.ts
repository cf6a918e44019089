/** @module-tag our-idea-of-bigquery */
import { afterAll, beforeAll } from 'vitest';
import { lateRowsSuite } from '../../../suites/late-rows.suite.ts';
import { resultReaderSuite } from '../../../suites/result-reader.suite.ts';
import { resultStoreSuite } from '../../../suites/result-store.suite.ts';
import { openRolledUp, startLoading } from './open-loading-stores.ts';

let loading: Awaited<ReturnType<typeof startLoading>>;
beforeAll(async () => {
  loading = await startLoading();
});
afterAll(() => loading.close());

const open = () => openRolledUp(() => loading.open());

resultStoreSuite('a table of BigQuery that is loaded', open);
lateRowsSuite('a table of BigQuery that is loaded', open);
resultReaderSuite('a table of BigQuery that is loaded', open);

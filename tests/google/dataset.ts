import { randomBytes } from 'node:crypto';
import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import type { BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { PROJECT, bigQueryClient } from '../support/google-clients.ts';
import { readWithPython } from '../support/read-with-python.ts';

export interface TestDataset {
  readonly spec: BigQueryStoreSpec;
  /** What Google's Python client gives for a query; `{}` in it stands for the dataset. */
  query(sql: string): ReturnType<typeof readWithPython>;
}

/** A new dataset of a server, looked at with other people's eyes. */
export async function createTestDataset(server: BigQueryServer): Promise<TestDataset> {
  const dataset = `test_${randomBytes(5).toString('hex')}`;
  await bigQueryClient(server.url).createDataset(dataset);
  return {
    spec: { kind: 'bigquery', project: PROJECT, dataset },
    query: (sql) => readWithPython(server.url, sql.replaceAll('{}', dataset)),
  };
}

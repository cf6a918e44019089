import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import { pythonFolder, pythonIn } from '../../fake-google/servers/locate-servers.mjs';
import type { BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { PROJECT, bigQueryClient } from '../support/google-clients.ts';

const READER = fileURLToPath(new URL('../support/read-with-python.py', import.meta.url));
const CLIENT_LOCK = fileURLToPath(new URL('../support/bigquery-client.lock.txt', import.meta.url));
const MAX_BYTES = 100_000_000;

export interface TestDataset {
  readonly spec: BigQueryStoreSpec;
  /** What Google's Python client gives for a query; `{}` in it stands for the dataset. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** A new dataset of a server, looked at with other people's eyes. */
export async function createTestDataset(server: BigQueryServer): Promise<TestDataset> {
  const dataset = `test_${randomBytes(5).toString('hex')}`;
  await bigQueryClient(server.url).createDataset(dataset);
  return {
    spec: { kind: 'bigquery', project: PROJECT, dataset },
    async query(sql) {
      const python = pythonIn(pythonFolder('bigquery-client', CLIENT_LOCK));
      const args = [READER, server.url, PROJECT, sql.replaceAll('{}', dataset)];
      const { stdout } = await promisify(execFile)(python, args, { maxBuffer: MAX_BYTES });
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}

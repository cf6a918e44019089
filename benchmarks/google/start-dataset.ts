import { join } from 'node:path';
import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import { startBigQuery } from '../../fake-google/start-bigquery.ts';
import { openBigQuery } from '../../google/open-bigquery.ts';
import type { BigQueryServers } from '../../stores/find-stores.ts';

/** An empty dataset of a server that stands in for BigQuery. */
export interface Dataset extends AsyncDisposable {
  readonly spec: BigQueryStoreSpec;
  readonly servers: Required<BigQueryServers>;
}

const PROJECT = 'sightline-bench';

export async function startDataset(dir: string): Promise<Dataset> {
  const server = await startBigQuery({ dataFolder: join(dir, 'bigquery') });
  const client = openBigQuery({ project: PROJECT, apiEndpoint: server.url });
  await client.createDataset('results');
  return {
    spec: { kind: 'bigquery', project: PROJECT, dataset: 'results' },
    servers: { apiEndpoint: server.url, grpcEndpoint: `127.0.0.1:${server.grpcPort}` },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

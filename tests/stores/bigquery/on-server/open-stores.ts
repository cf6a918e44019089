import { randomBytes } from 'node:crypto';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { makeRunPlace } from '../../../../stores/index.ts';
import type { LoadBucket } from '../../../../stores/bigquery/load-bucket.ts';
import { openBigQueryStores } from '../../../../stores/bigquery/open-bigquery-stores.ts';
import { openBigQuery } from '../../../../stores/bigquery/open-bigquery.ts';
import { PROJECT, anyCredentials, bigQueryClient } from '../../../support/google-clients.ts';
import { CONTEXT } from '../../../suites/store-samples.ts';

type Server = Pick<BigQueryServer, 'url' | 'grpcPort'>;

/** Stores in a new dataset of a server; `through` is where the stores reach it, a proxy for example. Rows are streamed. */
export async function openStoresIn(server: Server, through: Server = server, bucket?: LoadBucket) {
  const dataset = `test_${randomBytes(5).toString('hex')}`;
  await bigQueryClient(server.url).createDataset(dataset);
  const connection = openBigQuery({
    project: PROJECT,
    apiEndpoint: through.url,
    grpcEndpoint: `127.0.0.1:${through.grpcPort}`,
    authClient: anyCredentials(),
  });
  const spec = { kind: 'bigquery', project: PROJECT, dataset } as const;
  const again = () => openBigQueryStores(spec, connection, bucket);
  const stores = again();
  const place = makeRunPlace({
    runId: CONTEXT.runId,
    executionId: 'first-execution',
    store: spec,
    prompt: CONTEXT.prompt,
  });
  return {
    ...stores,
    store: stores.results,
    dataset,
    spec,
    connection,
    place,
    /** The same stores as another process opens them. */
    again,
    // bqemulator reads statements by recursion in Python; Google names no limit.
    filterDepth: 10,
    [Symbol.asyncDispose]: () => Promise.resolve(connection.close()),
  };
}

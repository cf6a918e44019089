import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import type { Stores } from '../index.ts';
import type { SettledStore } from '../ports.ts';
import { createBigQueryBlobStore } from './blob-store.ts';
import { openDataset } from './dataset.ts';
import type { LoadBucket } from './load-bucket.ts';
import { createLoadResultStore } from './load-result-store.ts';
import { createBigQueryManifestStore } from './manifest-store.ts';
import type { BigQueryConnection } from './open-bigquery.ts';
import { createBigQueryResultReader } from './result-reader.ts';
import { createBigQueryResultStore } from './result-store.ts';
import { createBigQueryRunRecords } from './run-records.ts';
import { settleMode } from './settle-mode.ts';
import { streamRefusal } from './stream-refusal.ts';

export interface BigQueryStores extends Stores {
  settle(): Promise<SettledStore>;
}

/**
 * Everything in tables of one dataset, which must exist; tables are created when they are needed. `bucket`: rows are loaded
 * from there; undefined: they are streamed.
 */
export function openBigQueryStores(
  spec: BigQueryStoreSpec,
  connection: BigQueryConnection,
  bucket?: LoadBucket,
): BigQueryStores {
  const store = openDataset(spec, connection);
  return {
    settle: async () => settleMode(spec, spec.mode === 'load' ? null : await streamRefusal(store)),
    manifests: createBigQueryManifestStore(store),
    results: bucket ? createLoadResultStore(store, bucket) : createBigQueryResultStore(store),
    reader: createBigQueryResultReader(store),
    records: createBigQueryRunRecords(store),
    blobs: createBigQueryBlobStore(store, bucket ? 'load' : 'stream'),
  };
}

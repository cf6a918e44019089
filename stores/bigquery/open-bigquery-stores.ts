import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import type { Stores } from '../index.ts';
import { createBigQueryBlobStore } from './blob-store.ts';
import { openDataset } from './dataset.ts';
import { createBigQueryManifestStore } from './manifest-store.ts';
import type { BigQueryConnection } from './open-bigquery.ts';
import { createBigQueryResultReader } from './result-reader.ts';
import { createBigQueryResultStore } from './result-store.ts';
import { createBigQueryRunRecords } from './run-records.ts';

/** Everything in tables of one dataset, which must exist; tables are created when they are needed. */
export function openBigQueryStores(spec: BigQueryStoreSpec, connection: BigQueryConnection): Stores {
  const store = openDataset(spec, connection);
  return {
    manifests: createBigQueryManifestStore(store),
    results: createBigQueryResultStore(store),
    reader: createBigQueryResultReader(store),
    records: createBigQueryRunRecords(store),
    blobs: createBigQueryBlobStore(store),
  };
}

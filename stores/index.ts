import { join, resolve } from 'node:path';
import { createDurableFiles } from './durable-files.ts';
import type { Checkpoint } from './durable-files.ts';
import { createFileBlobStore } from './file-blob-store.ts';
import { createFileRunRecords } from './file-run-records.ts';
import { createParquetManifestStore } from './parquet-manifest-store.ts';
import { createParquetResultReader } from './parquet-result-reader.ts';
import { createParquetResultStore } from './parquet-result-store.ts';
import type { BlobStore, ManifestStore, ResultReader, ResultStore, RunRecords } from './ports.ts';

export { makeRunPlace, placeKey, rowKey } from './run-place.ts';

export interface Stores {
  readonly manifests: ManifestStore;
  readonly results: ResultStore;
  readonly reader: ResultReader;
  readonly records: RunRecords;
  readonly blobs: BlobStore;
}

export interface StoresOptions {
  /** Told about files that are damaged and were passed over. Default: nothing is said. */
  readonly onWarning?: (message: string) => void;
  /** For tests only: called around each operation that lasts; what it throws stops the store there. */
  readonly checkpoint?: Checkpoint;
}

/**
 * Everything in files under one folder, the data folder; nothing is created before it is needed. Run records and blobs live
 * in `root`, manifests and results in the folder of their place, which is normally the same. Any number of processes may use
 * a folder at once. Nothing has to be closed.
 */
export function openParquetStores(root: string, options: StoresOptions = {}): Stores {
  const files = createDurableFiles(options.checkpoint);
  const folder = resolve(root);
  return {
    manifests: createParquetManifestStore(files),
    results: createParquetResultStore(files),
    reader: createParquetResultReader(),
    records: createFileRunRecords(files, join(folder, 'runs'), options.onWarning ?? (() => undefined)),
    blobs: createFileBlobStore(files, join(folder, 'blobs')),
  };
}

import { failed, ok, type Result } from './failures.ts';
import type { StoreSpec } from './run.ts';

const BIGQUERY = /^bq:\/\/(?<project>[a-z][a-z0-9.:-]{4,60}[a-z0-9])\.(?<dataset>[A-Za-z0-9_]{1,1024})$/;

/** The store that a text names: a dataset as `bq://project.dataset`, or else a folder. Another address is `InvalidRequest`. */
export function parseStoreText(text: string): Result<StoreSpec> {
  const { project, dataset } = BIGQUERY.exec(text)?.groups ?? {};
  if (project !== undefined && dataset !== undefined) return ok({ kind: 'bigquery', project, dataset });
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return ok({ kind: 'parquet', path: text });
  return failed(
    'InvalidRequest',
    `${JSON.stringify(text)} is no place for results: name a folder, or a dataset as bq://project.dataset`,
  );
}

/** As people write it. */
export function storeText(store: StoreSpec): string {
  return store.kind === 'parquet' ? store.path : `bq://${store.project}.${store.dataset}`;
}

import {
  DATASET_NAME,
  PROJECT_ID,
  isBucketName,
  isDatasetName,
  isProjectId,
  noDatasetName,
  noProjectId,
} from './google-names.ts';
import { failed, ok, type Result } from './failures.ts';
import { STORE_MODES } from './run.ts';
import type { BigQueryStoreSpec, StoreMode, StoreSpec } from './run.ts';

const DATASET = `^bq://(?<project>${PROJECT_ID})\\.(?<dataset>${DATASET_NAME})`;
const BIGQUERY = new RegExp(`${DATASET}(?:\\?(?<options>.*))?$`);
/** More than a dataset. */
const TABLE = new RegExp(`${DATASET}\\.`);

/**
 * The store that a text names: a dataset as `bq://project.dataset`, perhaps with `?mode=load&bucket=name`, or else a folder.
 * Another address, or another option, is `InvalidRequest`.
 */
export function parseStoreText(text: string): Result<StoreSpec> {
  const { project, dataset, options } = BIGQUERY.exec(text)?.groups ?? {};
  if (project !== undefined && dataset !== undefined) {
    const parsed = parseOptions(text, options);
    return parsed.ok ? checkStore({ kind: 'bigquery', project, dataset, ...parsed.value }) : parsed;
  }
  if (text.trim() === '') {
    return failed('InvalidRequest', 'Results need a place: name a folder, or a dataset as bq://project.dataset');
  }
  const more = TABLE.exec(text)?.groups;
  if (more !== undefined) {
    const fix = `write bq://${more['project']}.${more['dataset']}, and each prompt has a table of its own there`;
    return failed('InvalidRequest', `${JSON.stringify(text)} names more than a dataset: ${fix}`);
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return ok({ kind: 'parquet', path: text });
  return failed(
    'InvalidRequest',
    `${JSON.stringify(text)} is no place for results: name a folder, or a dataset as bq://project.dataset`,
  );
}

/** Names that Google takes, and what belongs together in a store: loads need a bucket. */
export function checkStore(store: StoreSpec): Result<StoreSpec> {
  if (store.kind === 'parquet') return ok(store);
  const { project, dataset, mode, bucket } = store;
  if (!isProjectId(project)) return failed('InvalidRequest', noProjectId(project));
  if (!isDatasetName(dataset)) return failed('InvalidRequest', noDatasetName(dataset));
  if (bucket !== undefined && !isBucketName(bucket)) {
    return failed('InvalidRequest', `${JSON.stringify(bucket)} cannot be the name of a bucket: write it without gs://`);
  }
  if (mode !== 'load' || bucket !== undefined) return ok(store);
  return failed(
    'InvalidRequest',
    `Rows that are loaded wait in a bucket: name one, as ${storeText(store)}&bucket=NAME`,
  );
}

/** As people write it. */
export function storeText(store: StoreSpec): string {
  if (store.kind === 'parquet') return store.path;
  const options = [
    ...(store.mode === undefined ? [] : [`mode=${store.mode}`]),
    ...(store.bucket === undefined ? [] : [`bucket=${store.bucket}`]),
  ];
  return `bq://${store.project}.${store.dataset}${options.length === 0 ? '' : `?${options.join('&')}`}`;
}

function parseOptions(text: string, options: string | undefined): Result<Pick<BigQueryStoreSpec, 'mode' | 'bucket'>> {
  const found: { mode?: StoreMode; bucket?: string } = {};
  for (const option of options === undefined ? [] : options.split('&')) {
    const [name = '', value = ''] = option.split('=');
    if (Object.hasOwn(found, name)) {
      return failed('InvalidRequest', `${JSON.stringify(text)} names its ${name} twice`);
    }
    const mode = name === 'mode' ? STORE_MODES.find((known) => known === value) : undefined;
    if (mode !== undefined) found.mode = mode;
    else if (name === 'bucket') found.bucket = value;
    else {
      const problem = `${JSON.stringify(option)} in ${JSON.stringify(text)} says nothing`;
      return failed('InvalidRequest', `${problem}: there are mode=stream, mode=load and bucket=NAME`);
    }
  }
  return ok(found);
}

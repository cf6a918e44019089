import { DATASET_NAME, PROJECT_ID, isBucketName } from '../../contracts/google-names.ts';

/** What is to be used on Google Cloud; what is left out is not looked at. */
export interface GooglePlace {
  readonly project: string;
  /** What the project pays for. Default: both. */
  readonly only?: 'tables' | 'model';
  /** Holds the results. */
  readonly dataset?: string;
  /** A table to read from. */
  readonly source?: TableName;
  /** Where images are read, by name, without `gs://`. */
  readonly bucket?: string;
  /** Where rows wait that are loaded, by name. */
  readonly loadBucket?: string;
}

export interface TableName {
  readonly project: string;
  readonly dataset: string;
  readonly table: string;
}

const TABLE = new RegExp(
  `^bq://(?<project>${PROJECT_ID})\\.(?<dataset>${DATASET_NAME})\\.(?<table>[\\p{L}\\p{M}\\p{N}_ $*-]{1,1024})$`,
  'u',
);

/** The table of `bq://project.dataset.table`; null for anything else. */
export function parseTableName(text: string): TableName | null {
  const { project, dataset, table } = TABLE.exec(text)?.groups ?? {};
  return project === undefined || dataset === undefined || table === undefined ? null : { project, dataset, table };
}

/** The bucket of `gs://bucket` with whatever follows, or of a bare name; null for what cannot be one. */
export function parseBucketName(text: string): string | null {
  const [name = ''] = text.replace(/^gs:\/\//, '').split('/');
  return isBucketName(name) ? name : null;
}

import type { TableField } from '@google-cloud/bigquery';

export const RUN_TABLE = 'sightline_runs';
export const BLOB_TABLE = 'sightline_blobs';

/** A table that has only a few columns. */
export interface SmallTableOptions {
  readonly name: string;
  readonly columns: readonly TableField[];
  readonly clusteredBy: string;
}

const text = (name: string): TableField => ({ name, type: 'STRING', mode: 'REQUIRED' });

/** Run records, of which each line is one thing that was said of a run. */
export const RUNS: SmallTableOptions = {
  name: RUN_TABLE,
  columns: [
    text('run_id'),
    text('kind'),
    text('document'),
    { name: 'written_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
  ],
  clusteredBy: 'run_id',
};

/** Blobs by their names; the Storage Write protocol takes columns as they are here. */
export const BLOBS: SmallTableOptions = {
  name: BLOB_TABLE,
  columns: [
    { name: 'name', type: 'STRING', mode: 'NULLABLE' },
    { name: 'document', type: 'STRING', mode: 'NULLABLE' },
  ],
  clusteredBy: 'name',
};

/** Tables that are kept of all runs of their dataset, also of those whose results stay. */
export const TABLES_OF_ALL_RUNS: readonly SmallTableOptions[] = [RUNS, BLOBS];

export function isOfAllRuns(table: string): boolean {
  return TABLES_OF_ALL_RUNS.some(({ name }) => name === table);
}

/** The statement that makes such a table under its whole name; one that is there stays as it is. */
export function createSmallTable({ columns, clusteredBy }: SmallTableOptions, quotedName: string): string {
  return `CREATE TABLE IF NOT EXISTS ${quotedName} (${columns.map(columnText).join(', ')}) CLUSTER BY ${clusteredBy}`;
}

function columnText({ name, type, mode }: TableField): string {
  return `${name} ${type}${mode === 'REQUIRED' ? ' NOT NULL' : ''}`;
}

/** Whether a table has a name of those that only runs under way need: manifests, and rows that wait to be loaded. */
export function isPassing(table: string): boolean {
  return PASSING.test(table);
}

/** What such a name has of its run: the key of the place with `_` for `-`, and more behind it. */
export function keyOfPassing(table: string): string {
  return table.replace(PASSING, '');
}

const PASSING = /^sightline_(manifest|staging)_/;

import type { TableField } from '@google-cloud/bigquery';
import type { SmallTableOptions } from './small-table.ts';

export const RUN_TABLE = 'sightline_runs';
export const BLOB_TABLE = 'sightline_blobs';

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

/** Whether a table is kept of all runs of its dataset, also of those whose results stay. */
export function isOfAllRuns(table: string): boolean {
  return table === RUN_TABLE || table === BLOB_TABLE;
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

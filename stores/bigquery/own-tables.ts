export const RUN_TABLE = 'sightline_runs';
export const BLOB_TABLE = 'sightline_blobs';

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

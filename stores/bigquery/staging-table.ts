import type { TableField } from '@google-cloud/bigquery';
import type { RunPlace } from '../../contracts/run.ts';
import type { StoreDataset } from './dataset.ts';
import { isDuplicate } from './google-errors.ts';
import { createPassingTable } from './passing-table.ts';
import { keyInTable } from './place-key.ts';

/** Name of a table that rows are loaded into: one for each round of a run, and one in which loading is tried. */
export function stagingTable(place: RunPlace, round: number | 'probe'): string {
  return `sightline_staging_${keyInTable(place)}_${round}`;
}

/** Creates one that goes away by itself; a table that is there is fine. Throws `StoreUnavailableError`. */
export async function createStagingTable(
  store: StoreDataset,
  table: string,
  fields: readonly TableField[],
): Promise<void> {
  await createPassingTable(store, table, fields, '').catch((error: unknown) => {
    if (!isDuplicate((error as Error).cause)) throw error;
  });
}

import type { RunPlace } from '../../contracts/run.ts';
import { StoreMismatchError, StoreRefusedError } from '../ports.ts';
import { isOfAllRuns, isPassing } from './own-tables.ts';

/**
 * `sightline_street_check` for the prompt `street-check`: one table for all runs of a prompt. Throws `StoreRefusedError` for a
 * name that is taken.
 */
export function resultTable({ prompt }: RunPlace): string {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(prompt)) {
    throw new StoreMismatchError(`${JSON.stringify(prompt)} cannot be part of a table's name.`);
  }
  const table = `sightline_${prompt.replaceAll('-', '_')}`;
  if (!isTaken(table)) return table;
  throw new StoreRefusedError(
    `The prompt ${prompt} cannot have its results in BigQuery: ${table} is a name of tables and views that Sightline makes itself. Give the prompt another name.`,
  );
}

/** `my-project.results.sightline_street_check`, where the rows of a run are; null where they are in files. */
export function resultTableOf(place: RunPlace): string | null {
  const { store } = place;
  return store.kind === 'bigquery' ? `${store.project}.${store.dataset}.${resultTable(place)}` : null;
}

/** By what stands beside tables of results, of which some is removed by its name. */
function isTaken(table: string): boolean {
  return isOfAllRuns(table) || isPassing(table) || /_(latest|by_gcs_uris)$/.test(table);
}

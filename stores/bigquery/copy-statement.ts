import type { AssetStatement } from '../../sources/ports.ts';
import { MANIFEST_COLUMNS } from '../manifest-columns.ts';
import type { StoreDataset } from './dataset.ts';
import { dropTable } from './drop-table.ts';
import { isNotFound, toStoreError } from './google-errors.ts';
import { passingOptions } from './passing-table.ts';
import { runOnce } from './run-once.ts';
import { StoreUnavailableError } from '../ports.ts';

/**
 * Fills a table with what a statement selects, numbered in the order of ids: no byte leaves BigQuery. False when it fails, does
 * not hold or gives an id twice; then there is no table. A repeat adopts the table that is there. Throws what `holds` throws,
 * and leaves the table: another attempt may have found that it holds.
 */
export async function copyStatement(
  store: StoreDataset,
  table: string,
  jobName: string,
  statement: AssetStatement,
  requestDigest: string,
): Promise<boolean> {
  const holding = statement.holds();
  // Heard below, unless there is no table.
  holding.catch(() => undefined);
  let isWhole = false;
  try {
    await runOnce(store, jobName, copySql(store, table, statement.sql, requestDigest));
    const [sums] = await store.query(
      `SELECT COUNT(*) AS found, COUNT(DISTINCT asset_id) AS ids FROM ${store.quoted(table)}`,
    );
    isWhole = Number(sums?.['found']) > 0 && sums?.['found'] === sums?.['ids'];
  } catch (error) {
    const failure = toStoreError(`copy the source into ${store.quoted(table)}`, error);
    // Anything else the source says itself, better, when it is read row by row; one that is kept elsewhere can be read only so.
    if (failure instanceof StoreUnavailableError && !isNotFound(error)) throw failure;
  }
  if (isWhole && (await holding)) return true;
  await dropTable(store, table);
  return false;
}

function copySql(store: StoreDataset, table: string, statement: string, requestDigest: string): string {
  const columns = MANIFEST_COLUMNS.map(([name]) => name).join(', ');
  return `CREATE TABLE IF NOT EXISTS ${store.quoted(table)}
OPTIONS(${passingOptions(requestDigest)})
AS SELECT ROW_NUMBER() OVER (ORDER BY asset_id) - 1 AS row_number, ${columns} FROM (${statement}) ORDER BY row_number`;
}

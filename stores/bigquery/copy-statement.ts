import type { ManifestRef } from '../../contracts/run.ts';
import type { BigQueryStatement } from '../../sources/ports.ts';
import { MANIFEST_COLUMNS } from '../manifest-columns.ts';
import { StoreUnavailableError } from '../ports.ts';
import type { StoreDataset } from './dataset.ts';
import { dropManifest } from './drop-manifest.ts';
import { isNotFound, toStoreError } from './google-errors.ts';
import { passingOptions } from './passing-table.ts';
import { rejectsAddress, rejectsStatement, rejectsTable } from './rejects-table.ts';
import { runOnce } from './run-once.ts';

type Rejected = Pick<ManifestRef, 'rejected' | 'duplicates' | 'rejects'>;

/**
 * Fills a table with what a statement selects, numbered in the order of ids, and the one beside it with what that leaves out: no
 * row leaves BigQuery. Null when it fails or gives an id twice; then there is no table. A repeat adopts the tables that are there.
 */
export async function copyStatement(
  store: StoreDataset,
  table: string,
  jobName: string,
  statement: BigQueryStatement,
  requestDigest: string,
): Promise<Rejected | null> {
  const { sql, rejectsSql, maximumBytesBilled } = statement;
  try {
    await runOnce(store, jobName, copySql(store, table, sql, requestDigest), { maximumBytesBilled });
    const ids = `SELECT COUNT(*) AS found, COUNT(DISTINCT asset_id) AS ids FROM ${store.quoted(table)}`;
    const [sums] = await store.query(ids);
    if (Number(sums?.['found']) > 0 && sums?.['found'] === sums?.['ids']) {
      const rejects = rejectsStatement(store, table, rejectsSql, requestDigest);
      await runOnce(store, `${jobName}_rejects`, rejects, { maximumBytesBilled });
      return await countRejects(store, table);
    }
  } catch (error) {
    const failure = toStoreError(`copy the source into ${store.quoted(table)}`, error);
    // Anything else the source says itself, better, when it is read row by row; one that is kept elsewhere can be read only so.
    if (failure instanceof StoreUnavailableError && !isNotFound(error)) throw failure;
  }
  await dropManifest(store, table);
  return null;
}

function copySql(store: StoreDataset, table: string, statement: string, requestDigest: string): string {
  const columns = MANIFEST_COLUMNS.map(([name]) => name).join(', ');
  return `CREATE TABLE IF NOT EXISTS ${store.quoted(table)}
OPTIONS(${passingOptions(requestDigest)})
AS SELECT ROW_NUMBER() OVER (ORDER BY asset_id) - 1 AS row_number, ${columns} FROM (${statement}) ORDER BY row_number`;
}

async function countRejects(store: StoreDataset, manifest: string): Promise<Rejected> {
  const [counts] = await store.query(
    `SELECT COUNT(*) AS rejected, COUNTIF(kind = 'duplicate') AS duplicates FROM ${store.quoted(rejectsTable(manifest))}`,
  );
  const rejected = Number(counts?.['rejected']);
  const rejects = rejected === 0 ? null : rejectsAddress(store, manifest);
  return { rejected, duplicates: Number(counts?.['duplicates']), rejects };
}

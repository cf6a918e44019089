import { writeFile } from 'node:fs/promises';
import type { Asset } from '../../contracts/asset.ts';
import { createCsvSource } from '../../sources/csv-source.ts';
import { queryRows } from '../../stores/duckdb.ts';
import { ATTRIBUTES_TEXT, assetOfRow } from '../../stores/manifest-columns.ts';

const source = createCsvSource();

/** What the statement for a CSV gives, or null where it fails or there is none. Writes the text to the path first. */
export async function readByStatement(path: string, text: string): Promise<readonly Asset[] | null> {
  await writeFile(path, text);
  const statement = await source.statement?.(await source.settle({ kind: 'csv', path }));
  if (statement?.dialect !== 'duckdb' || !(await statement.holds())) return null;
  try {
    const rows = await queryRows(`SELECT * REPLACE (${ATTRIBUTES_TEXT} AS attributes) FROM (${statement.sql})`);
    return rows.map((row) => {
      const { row: _row, ...asset } = assetOfRow({ row_number: 0, ...row });
      return asset;
    });
  } catch {
    return null;
  }
}

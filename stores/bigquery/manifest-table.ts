import type { AssetRef, RowRange } from '../../contracts/asset.ts';
import { assetOfRow } from '../manifest-columns.ts';
import { countRows, rowsOf } from '../row-ranges.ts';
import type { Row, StoreDataset } from './dataset.ts';

/** More ranges than this are looked up by number: each would be a call of its own. */
const RANGES_BY_PAGE = 8;

/** Count and fingerprint of a table, whatever the order of its rows: each holds its number. */
export async function sumTable(store: StoreDataset, table: string): Promise<{ rows: number; digest: string }> {
  const [sums] = await store.query(`SELECT COUNT(*) AS found,
CAST(COALESCE(BIT_XOR(FARM_FINGERPRINT(line)), 0) AS STRING) AS a,
CAST(COALESCE(BIT_XOR(FARM_FINGERPRINT(CONCAT('-', line))), 0) AS STRING) AS b
FROM (SELECT TO_JSON_STRING(manifest) AS line FROM ${store.quoted(table)} AS manifest)`);
  return { rows: Number(sums?.['found']), digest: hex(sums?.['a']) + hex(sums?.['b']) };
}

/**
 * The rows of the ranges. Pages of a table cost nothing, and its rows mostly lie as they were written; where they do not, they
 * are looked up by their number, which costs a scan.
 */
export async function readRanges(
  store: StoreDataset,
  table: string,
  ranges: readonly RowRange[],
): Promise<readonly AssetRef[]> {
  if (ranges.length <= RANGES_BY_PAGE) {
    const pages: (readonly Row[])[] = [];
    for (const range of ranges) pages.push(await readPages(store, table, range));
    const rows = pages.flat();
    const wanted = [...rowsOf(ranges)];
    if (rows.length === wanted.length && rows.every((row, index) => row['row_number'] === wanted[index])) {
      return rows.map(assetOfRow);
    }
  }
  const sql = `SELECT * FROM ${store.quoted(table)} WHERE row_number IN UNNEST(@rows) ORDER BY row_number`;
  return countRows(ranges) === 0 ? [] : (await store.query(sql, { rows: [...rowsOf(ranges)] })).map(assetOfRow);
}

/** Rows by their place in the table. A page may be shorter than asked; the next begins where it ended, never by a token. */
async function readPages(store: StoreDataset, table: string, { start, end }: RowRange): Promise<readonly Row[]> {
  const rows: Row[] = [];
  while (rows.length < end - start) {
    const [page] = await store.dataset.table(table).getRows({
      autoPaginate: false,
      startIndex: String(start + rows.length),
      maxResults: end - start - rows.length,
    });
    if (page.length === 0) break;
    rows.push(...(page as readonly Row[]));
  }
  return rows;
}

function hex(value: unknown): string {
  return BigInt.asUintN(64, BigInt(String(value)))
    .toString(16)
    .padStart(16, '0');
}

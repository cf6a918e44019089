import type { Asset, ImageRef } from '../contracts/asset.ts';
import type { TableRecord } from './table-reader.ts';

/** An asset with the rows of the table that it was made from. */
export interface TableRow {
  readonly asset: Asset;
  readonly entries: readonly TableRecord[];
}

/** Rows kept together at most; what goes beyond would be too large for one asset anyway. */
const MOST_ROWS = 1_000;

/** Joins rows with the same id that stand together: their images follow each other, everything else is that of the first row. */
export async function* joinRows(rows: AsyncIterable<TableRow>): AsyncIterable<TableRow> {
  let first: Asset | undefined;
  let images: ImageRef[] = [];
  let entries: TableRecord[] = [];
  for await (const row of rows) {
    if (first !== undefined && (first.assetId !== row.asset.assetId || entries.length === MOST_ROWS)) {
      yield { asset: { ...first, images }, entries };
      first = undefined;
    }
    if (first === undefined) [first, images, entries] = [row.asset, [], []];
    images.push(...row.asset.images);
    entries.push(...row.entries);
  }
  if (first !== undefined) yield { asset: { ...first, images }, entries };
}

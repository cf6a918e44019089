import type { Asset, ImageRef } from '../contracts/asset.ts';
import type { TableRecord } from './table-reader.ts';

/** An asset with the rows of the table that it was made from. */
export interface TableRow {
  readonly asset: Asset;
  readonly entries: readonly TableRecord[];
}

/** Rows kept together at most; what goes beyond would be too large for one asset anyway. */
const MOST_ROWS = 1_000;

export interface Joiner {
  /** The assets that are complete, now that these rows have come. */
  add(rows: Iterable<TableRow>): Iterable<TableRow>;
  /** The last one. */
  end(): readonly TableRow[];
}

/** Joins rows with the same id that stand together: their images follow each other, everything else is that of the first row. */
export function createJoiner(): Joiner {
  let first: Asset | undefined;
  let images: ImageRef[] = [];
  let entries: TableRecord[] = [];

  function end(): readonly TableRow[] {
    const complete = first === undefined ? [] : [{ asset: { ...first, images }, entries }];
    [first, images, entries] = [undefined, [], []];
    return complete;
  }

  return {
    end,
    *add(rows) {
      for (const row of rows) {
        if (first?.assetId !== row.asset.assetId || entries.length === MOST_ROWS) yield* end();
        first ??= row.asset;
        images.push(...row.asset.images);
        entries.push(...row.entries);
      }
    },
  };
}

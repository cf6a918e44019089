import type { AssetRef, RowRange } from '../contracts/asset.ts';
import { StoreMismatchError } from './ports.ts';
import { countRows } from './row-ranges.ts';

/** The assets of the ranges, in their order; throws `StoreMismatchError` when one is missing, there twice or not asked for. */
export function checkRanges(
  manifest: string,
  ranges: readonly RowRange[],
  found: readonly AssetRef[],
): readonly AssetRef[] {
  const byRow = new Map(found.map((asset) => [asset.row, asset]));
  if (byRow.size !== found.length) throw new StoreMismatchError(`The manifest ${manifest} holds a row twice.`);
  const wanted: AssetRef[] = [];
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++) {
      const asset = byRow.get(row);
      if (!asset) throw new StoreMismatchError(`Row ${row} is missing in the manifest ${manifest}.`);
      wanted.push(asset);
    }
  }
  if (countRows(ranges) !== found.length)
    throw new StoreMismatchError(`The manifest ${manifest} gave rows that were not asked for.`);
  return wanted;
}

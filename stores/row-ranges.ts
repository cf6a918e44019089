import type { RowRange } from '../contracts/asset.ts';

/** Row numbers as the fewest ranges, in order; each number may occur once only. */
export function toRanges(rows: readonly number[]): RowRange[] {
  const ranges: { start: number; end: number }[] = [];
  for (const row of rows.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.end === row) last.end = row + 1;
    else ranges.push({ start: row, end: row + 1 });
  }
  return ranges;
}

/** The row numbers of ranges, one by one. */
export function* rowsOf(ranges: readonly RowRange[]): Generator<number> {
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++) yield row;
  }
}

/** How many rows the ranges hold. */
export function countRows(ranges: readonly RowRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

import type { RowRange } from './asset.ts';

/** Sorted, joined ranges of the given row numbers. */
export function toRanges(rows: Iterable<number>): RowRange[] {
  const sorted = [...rows].toSorted((a, b) => a - b);
  const ranges: { start: number; end: number }[] = [];
  for (const row of sorted) {
    const last = ranges.at(-1);
    if (last && row < last.end) continue;
    if (last && row === last.end) last.end = row + 1;
    else ranges.push({ start: row, end: row + 1 });
  }
  return ranges;
}

export function countRows(ranges: readonly RowRange[]): number {
  return ranges.reduce((sum, range) => sum + range.end - range.start, 0);
}

/** The rows of `ranges` that are not in `taken`; both sorted. */
export function subtractRanges(ranges: readonly RowRange[], taken: readonly RowRange[]): RowRange[] {
  const left: RowRange[] = [];
  for (const range of ranges) {
    let start = range.start;
    for (const hole of taken) {
      if (hole.end <= start) continue;
      if (hole.start >= range.end) break;
      if (hole.start > start) left.push({ start, end: hole.start });
      start = Math.max(start, hole.end);
    }
    if (start < range.end) left.push({ start, end: range.end });
  }
  return left;
}

/** The first `count` rows of `ranges`, and what is left. */
export function splitRanges(ranges: readonly RowRange[], count: number): { first: RowRange[]; rest: RowRange[] } {
  const first: RowRange[] = [];
  const rest: RowRange[] = [];
  let room = count;
  for (const range of ranges) {
    const size = range.end - range.start;
    const cut = range.start + Math.min(size, room);
    if (cut > range.start) first.push({ start: range.start, end: cut });
    if (cut < range.end) rest.push({ start: cut, end: range.end });
    room -= cut - range.start;
  }
  return { first, rest };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowRange } from '../../contracts/asset.ts';
import { countRows, splitRanges, subtractRanges, toRanges } from '../../contracts/ranges.ts';

const rowsIn = (ranges: readonly RowRange[]) =>
  ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index));
const someRows = fc.uniqueArray(fc.nat(60));

describe('ranges of rows', () => {
  it('hold the rows they were made of, sorted, joined and each once', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const ranges = toRanges([...rows, ...rows]);
        expect(rowsIn(ranges)).toEqual(rows.toSorted((a, b) => a - b));
        expect(countRows(ranges)).toBe(rows.length);
        expect(ranges.every((range, index) => index === 0 || range.start > ranges[index - 1]!.end)).toBe(true);
      }),
    );
  });

  it('minus others hold what only they had', () => {
    fc.assert(
      fc.property(someRows, someRows, (rows, taken) => {
        const gone = new Set(taken);
        const left = rowsIn(subtractRanges(toRanges(rows), toRanges(taken)));
        expect(left).toEqual(rows.filter((row) => !gone.has(row)).toSorted((a, b) => a - b));
      }),
    );
  });

  it('split into the first rows and the rest', () => {
    fc.assert(
      fc.property(someRows, fc.nat(70), (rows, count) => {
        const { first, rest } = splitRanges(toRanges(rows), count);
        expect([...rowsIn(first), ...rowsIn(rest)]).toEqual(rowsIn(toRanges(rows)));
        expect(countRows(first)).toBe(Math.min(count, rows.length));
      }),
    );
  });
});

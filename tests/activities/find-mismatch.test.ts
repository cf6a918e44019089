import { describe, expect, it } from 'vitest';
import { findMismatch } from '../../activities/close-run.ts';
import { EMPTY_TALLY } from '../../contracts/outcome.ts';
import type { RunPlan } from '../../contracts/run.ts';

const counts = { ...EMPTY_TALLY.counts, succeeded: 7, failed: 2 };
const books = { plan: { total: 10 } as RunPlan, tally: { ...EMPTY_TALLY, counts }, cancelled: 1 };
const audit = { rows: 9, repeated: 0, counts };

describe('the books of a run', () => {
  it('balance when rows, outcomes and cancelled assets add up to the manifest', () => {
    expect(findMismatch(audit, books)).toBeUndefined();
  });

  it.each([
    ['a row twice', { ...audit, repeated: 1 }, books, 'holds 1 rows twice'],
    ['a row too few', { ...audit, rows: 8 }, books, '8 rows, but 9 assets'],
    ['a row too many', { ...audit, rows: 10 }, books, '10 rows, but 9 assets'],
    ['an asset without outcome', audit, { ...books, cancelled: 0 }, 'the manifest has 10'],
    [
      'outcomes of another kind',
      { ...audit, counts: { ...counts, succeeded: 8, failed: 1 } },
      books,
      '8 rows that are succeeded, but 7',
    ],
  ])('do not balance with %s', (_, found, booked, sentence) => {
    expect(findMismatch(found, booked)).toContain(sentence);
  });
});

import { describe, expect, test } from 'vitest';
import { EMPTY_TALLY } from '../../../contracts/outcome.ts';
import { absorbedBy, nextStep, type LoadStep } from '../../../stores/bigquery/load-step.ts';
import type { CommitRecord } from '../../../stores/commit-log.ts';
import type { FreshRecords } from '../../../stores/fresh-records.ts';

function recordOf(part: string | null, rowCount: number): CommitRecord {
  return { segment: 's', part, sizeBytes: 1, rows: [], rowCount, alreadyVisible: 0, tally: EMPTY_TALLY, digest: '' };
}

/** One record for each shard from `first` on. */
function freshOf(counts: readonly number[], first = 0): FreshRecords {
  return {
    records: counts.map((rowCount, index) => recordOf(rowCount === 0 ? null : `part-${first + index}`, rowCount)),
    highest: new Map(counts.map((_, index) => [first + index, 1])),
  };
}

const NOTHING = freshOf([]);

function stepAfter(last: LoadStep | undefined, fresh: FreshRecords, final: boolean): LoadStep {
  const step = nextStep(last, fresh, final);
  if (!step) throw new Error('there is no next step');
  return step;
}

describe('what comes next about the rows of a run', () => {
  test('is nothing, where nothing was committed', () => {
    expect(nextStep(undefined, NOTHING, false)).toBeUndefined();
    expect(nextStep(undefined, NOTHING, true)).toBeUndefined();
    expect(nextStep(undefined, freshOf([0, 0]), true)).toBeUndefined();
  });

  test.each([
    ['fewer than 10,000 rows', [9_999], false],
    ['10,000 rows', [5_000, 0, 5_000], true],
    ['fewer rows in fewer than 2,000 parts', Array<number>(1_999).fill(1), false],
    ['fewer rows in 2,000 parts', Array<number>(2_000).fill(1), true],
  ])('for %s before the end is a load job only when it is worth one', (_title, counts, isWorthOne) => {
    expect(nextStep(undefined, freshOf(counts), false) !== undefined).toBe(isWorthOne);
    expect(nextStep(undefined, freshOf(counts), true)).toMatchObject({ kind: 'load', number: 1, round: 1 });
  });

  test('is one load after the other into the same table, then one merge of all of them', () => {
    const first = stepAfter(undefined, freshOf([10_000, 500]), false);
    expect(first).toMatchObject({ kind: 'load', number: 1, round: 1, rows: 10_500, parts: ['part-0', 'part-1'] });
    expect(nextStep(first, NOTHING, false)).toBeUndefined();
    const second = stepAfter(first, freshOf([20], 2), true);
    expect(second).toMatchObject({ kind: 'load', number: 2, round: 1, rows: 10_520, parts: ['part-2'] });
    expect([...absorbedBy(second)]).toEqual([0, 1, 2].map((shard) => [shard, 1]));
    const merge = stepAfter(second, NOTHING, true);
    expect(merge).toMatchObject({ kind: 'merge', number: 3, round: 1, rows: 10_520, parts: [] });
    expect(nextStep(merge, NOTHING, true)).toBeUndefined();
  });

  test('is a load into a table of its own for what is committed after a merge', () => {
    const merge = stepAfter(stepAfter(undefined, freshOf([30]), true), NOTHING, true);
    const late = stepAfter(merge, freshOf([7], 1), true);
    expect(late).toMatchObject({ kind: 'load', number: 3, round: 2, rows: 7 });
    expect(stepAfter(late, NOTHING, true)).toMatchObject({ kind: 'merge', number: 4, round: 2, rows: 7 });
  });
});

import { describe, expect, it } from 'vitest';
import type { RowCase } from '../../../contracts/shard.ts';
import { afterFailure, MOST_LOST_CALLS, type ReturnedCall } from '../../../workflows/shard/after-failure.ts';

const fresh: RowCase = { row: 1, attempts: 0, lost: 0, askedAgain: false, firstFailedAtMs: null };
const call = (
  name: 'FetchFailed' | 'AnswerInvalid' | 'RequestRefused' | 'ModelOverloaded',
  more: Partial<ReturnedCall> = {},
): ReturnedCall => ({
  cause: 'failure',
  failure: { name, message: 'why' },
  calls: 1,
  waitMs: null,
  nowMs: 1_000_000,
  ...more,
});

describe('a row that came back without an outcome', () => {
  it('is given up at once when its failure is never retried', () => {
    expect(afterFailure(fresh, call('RequestRefused'))).toMatchObject({ kind: 'give-up', next: { attempts: 1 } });
  });

  it('waits longer each time, and at least as long as the model asked', () => {
    const waits = [0, 1, 2, 3, 20].map((attempts) => afterFailure({ ...fresh, attempts }, call('FetchFailed')));
    expect(waits).toMatchObject([
      { waitMs: 2_000 },
      { waitMs: 4_000 },
      { waitMs: 8_000 },
      { waitMs: 16_000 },
      { waitMs: 300_000 },
    ]);
    expect(afterFailure(fresh, call('ModelOverloaded', { waitMs: 60_000 }))).toMatchObject({ waitMs: 60_000 });
  });

  it('is given up when its failure has lasted longer than its rule allows', () => {
    const tenMinutesMs = 600_000;
    const since = { ...fresh, attempts: 3, firstFailedAtMs: 1_000_000 - tenMinutesMs };
    expect(afterFailure(since, call('FetchFailed')).kind).toBe('give-up');
    expect(afterFailure(since, call('ModelOverloaded')).kind).toBe('again');
  });

  it('is asked again once after an answer that cannot be used', () => {
    const first = afterFailure(fresh, call('AnswerInvalid'));
    expect(first).toMatchObject({ kind: 'again', waitMs: 0, next: { askedAgain: true, attempts: 1 } });
    if (first.kind !== 'again') throw new Error('not asked again');
    expect(afterFailure(first.next, call('AnswerInvalid'))).toMatchObject({ kind: 'give-up', next: { attempts: 2 } });
  });

  it('is started again at once when its worker was lost, until that happens too often', () => {
    const lost = call('ModelOverloaded', { cause: 'lost' });
    expect(afterFailure(fresh, lost)).toMatchObject({
      kind: 'again',
      waitMs: 0,
      next: { lost: 1, firstFailedAtMs: null },
    });
    const unlucky = { ...fresh, lost: MOST_LOST_CALLS - 1, attempts: 12 };
    expect(afterFailure(unlucky, lost)).toMatchObject({ kind: 'give-up', failure: { name: 'WorkerBug' } });
  });

  it('waits apart from its neighbours when it was lost with them before, longer each time', () => {
    const lost = call('ModelOverloaded', { cause: 'lost' });
    const waitOf = (row: number, before: number): number => {
      const step = afterFailure({ ...fresh, row, lost: before, attempts: before }, lost);
      if (step.kind !== 'again') throw new Error('given up');
      return step.waitMs;
    };
    const neighbours = Array.from({ length: 8 }, (_, row) => row);
    for (const [before, mostMs] of [
      [1, 5_000],
      [2, 15_000],
      [3, 45_000],
    ] as const) {
      const waits = neighbours.map((row) => waitOf(row, before)).toSorted((a, b) => a - b);
      expect(waits[0]).toBeGreaterThanOrEqual(0);
      expect(waits.at(-1)).toBeLessThan(mostMs);
      const gaps = waits.slice(1).map((wait, index) => wait - waits[index]!);
      expect(Math.min(...gaps)).toBeGreaterThan(mostMs / 50);
    }
  });

  it('fails the shard, not the asset, when what all assets need is not there for good', () => {
    const mismatch = { ...call('RequestRefused'), failure: { name: 'AccountingMismatch', message: 'why' } } as const;
    expect(afterFailure(fresh, mismatch).kind).toBe('fail-shard');
    const dayMs = 24 * 3_600_000;
    const unavailable = { ...mismatch, failure: { name: 'StoreUnavailable', message: 'why' } } as const;
    expect(afterFailure(fresh, unavailable).kind).toBe('again');
    expect(afterFailure({ ...fresh, firstFailedAtMs: 1_000_000 - dayMs }, unavailable).kind).toBe('fail-shard');
  });

  it('costs no attempt when no worker ever took it', () => {
    const step = afterFailure(fresh, call('ModelOverloaded', { cause: 'not-started', calls: 0 }));
    expect(step).toMatchObject({ kind: 'again', waitMs: 0, next: { attempts: 0, firstFailedAtMs: null } });
  });
});

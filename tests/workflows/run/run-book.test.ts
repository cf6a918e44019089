import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../contracts/limits.ts';
import { EMPTY_TALLY } from '../../../contracts/outcome.ts';
import type { RunPlan } from '../../../contracts/run.ts';
import type { Leftover } from '../../../contracts/shard.ts';
import { allShardsDone, nextShards, nextTailAtMs } from '../../../workflows/run/next-shards.ts';
import { progressOf } from '../../../workflows/run/progress.ts';
import {
  addReason,
  carry,
  cancelledTotal,
  clearReasons,
  openRun,
  shardStateOf,
  stateOf,
  takeReport,
  takeResult,
  type RunBook,
} from '../../../workflows/run/run-book.ts';

const TOTAL = 100;
const limits = { ...DEFAULT_LIMITS, shardSize: 30, shardsInFlight: 2 };
const place = { store: { kind: 'parquet', path: '/data' } };
const plan = { runId: 'run', total: TOTAL, limits, request: { name: 'run' }, place } as RunPlan;
const running = (): RunBook => ({ ...openRun(undefined), phase: 'running', plan });
const leftover = (row: number, notBeforeMs: number): Leftover => ({
  row,
  attempts: 1,
  lost: 0,
  askedAgain: false,
  firstFailedAtMs: 0,
  notBeforeMs,
});
const done = (shard: number, succeeded: number, leftovers: readonly Leftover[] = []) => ({
  shard,
  tally: { ...EMPTY_TALLY, counts: { ...EMPTY_TALLY.counts, succeeded } },
  cancelled: 0,
  leftovers,
  unread: [],
  segments: 1,
});

describe('the window of shards', () => {
  it('slides: one starts as soon as another ends', () => {
    const [first, starts] = nextShards(running(), 0);
    expect(starts.map(({ ranges }) => ranges)).toEqual([[{ start: 0, end: 30 }], [{ start: 30, end: 60 }]]);
    expect(nextShards(first, 0)[1]).toEqual([]);
    const [, next] = nextShards(takeResult(first, done(1, 30), 0), 0);
    expect(next).toMatchObject([{ shard: 2, ranges: [{ start: 60, end: 90 }] }]);
  });

  describe('of a large run', () => {
    const large = (change: Partial<RunPlan> = {}): RunBook => ({
      ...running(),
      plan: {
        ...plan,
        total: 10_000,
        isStaggered: true,
        limits: { ...limits, shardSize: 250, shardsInFlight: 4 },
        ...change,
      },
    });
    const sizes = (book: RunBook): readonly number[] =>
      nextShards(book, 0)[1].map(({ ranges }) => ranges.reduce((sum, { start, end }) => sum + end - start, 0));

    it('opens with shards of different size, so that they do not end together', () => {
      expect(sizes(large())).toEqual([63, 125, 188, 250]);
      expect(sizes({ ...large(), nextRow: 5_000, nextShard: 30 })).toEqual([63, 125, 188, 250]);
    });

    it('goes on with whole shards', () => {
      const [book] = nextShards(large(), 0);
      expect(sizes(takeResult(book, done(0, 63), 0))).toEqual([250]);
    });

    it('ends with shards that become smaller, so that those that began one after another end together', () => {
      const lastOnes = { ...large(), nextRow: 9_375, nextShard: 30 };
      expect(sizes(lastOnes)).toEqual([250, 188, 125, 62]);
      expect(sizes({ ...lastOnes, nextRow: 9_990 })).toEqual([10]);
      expect(progressOf(lastOnes, { runId: 'r', startedAt: plan.startedAt, nowMs: 0 }).shards.total).toBe(34);
    });

    it.each([
      ['is about to end', { nextRow: 8_000 }, {}],
      ['was planned before there was this', {}, { isStaggered: false }],
    ])('has equal shards when it %s', (_, book, change) => {
      expect(sizes({ ...large(change), ...book })).toEqual([250, 250, 250, 250]);
    });

    it('has no shard that costs more than its rows', () => {
      const small = { ...limits, shardSize: 40, shardsInFlight: 4 };
      expect(sizes(large({ limits: small }))).toEqual([25, 25, 30, 40]);
    });
  });

  it.each([
    ['paused', (book: RunBook) => addReason(book, 'operator')],
    ['cancelled', (book: RunBook) => ({ ...book, cancelling: true })],
    ['drained for a continue-as-new', (book: RunBook) => ({ ...book, draining: true })],
  ])('stands still while the run is %s', (_, change) => {
    expect(nextShards(change(running()), 0)[1]).toEqual([]);
  });

  it('ends with a tail shard for rows that were handed back, when the first is due', () => {
    let book = running();
    for (let shard = 0; shard < 4; shard += 1) {
      book = nextShards(book, 0)[0];
      book = takeResult(book, done(shard, shard === 3 ? 8 : 29, shard < 2 ? [leftover(shard * 30, 5_000)] : []), 0);
    }
    expect([allShardsDone(book), nextTailAtMs(book), nextShards(book, 4_999)[1]]).toEqual([false, 5_000, []]);
    const [tail, starts] = nextShards(book, 5_000);
    expect(starts).toMatchObject([
      {
        shard: 4,
        ranges: [
          { start: 0, end: 1 },
          { start: 30, end: 31 },
        ],
      },
    ]);
    expect(allShardsDone(takeResult(tail, done(4, 2), 0))).toBe(true);
  });

  it('stands still while thousands of rows wait for a retry, which have to fit into the next execution', () => {
    const waiting = Array.from({ length: 2_000 }, (_, row) => leftover(1_000_000 + row, 5_000));
    const book = { ...running(), leftovers: waiting };
    expect(nextShards(book, 0)[1]).toEqual([]);
    expect(nextShards(book, 5_000)[1]).toHaveLength(2);
    expect(JSON.stringify(carry({ ...book, leftovers: Array(6_000).fill(waiting[0]) }, plan)).length).toBeLessThan(
      1_000_000,
    );
  });

  it('covers every row once, whatever order shards end in and whatever they hand back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 30, maxLength: 60 }), (choices) => {
        let book = running();
        const seen: number[] = [];
        for (let step = 0; !allShardsDone(book); step += 1) {
          book = nextShards(book, Number.MAX_SAFE_INTEGER)[0];
          const open = [...book.open.values()];
          const choice = choices[step % choices.length]!;
          const { shard, ranges } = open[choice % open.length]!;
          const rows = ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at));
          const back = step < 20 ? rows.slice(0, choice % 3) : [];
          seen.push(...rows.slice(back.length));
          book = takeResult(
            book,
            done(
              shard,
              rows.length - back.length,
              back.map((row) => leftover(row, 0)),
            ),
            0,
          );
        }
        expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: TOTAL }, (_, row) => row));
      }),
    );
  });
});

describe('the state of a run', () => {
  it('is pausing until every open shard has held its calls, then paused', () => {
    const [open] = nextShards(running(), 0);
    const pausing = addReason(open, 'operator');
    expect(stateOf(pausing)).toBe('pausing');
    const report = { seq: pausing.seq, tally: EMPTY_TALLY, inFlight: 0, gate: 'held', sentAtMs: 0 } as const;
    const half = takeReport(pausing, { ...report, shard: 0 }, 0);
    expect(stateOf(half)).toBe('pausing');
    expect(stateOf(takeReport(half, { ...report, shard: 1, seq: pausing.seq - 1 }, 0))).toBe('pausing');
    expect(stateOf(takeReport(half, { ...report, shard: 1 }, 0))).toBe('paused');
  });

  it('follows the report that was sent last, not the one that came last', () => {
    const [open] = nextShards(running(), 0);
    const pausing = addReason(open, 'operator');
    const report = { seq: pausing.seq, tally: EMPTY_TALLY, inFlight: 0 } as const;
    const held = [0, 1].reduce(
      (book, shard) => takeReport(book, { ...report, shard, gate: 'held', sentAtMs: 11 }, 11),
      pausing,
    );
    const late = takeReport(held, { ...report, shard: 1, gate: 'closing', sentAtMs: 10 }, 12);
    expect(stateOf(late)).toBe('paused');
    const newer = takeReport(late, { ...report, shard: 1, gate: 'closing', sentAtMs: 12 }, 12);
    expect(stateOf(newer)).toBe('pausing');
  });

  it('ignores a report from a time to come, which would make it deaf to the true ones', () => {
    const [open] = nextShards(running(), 0);
    const report = { shard: 0, seq: 0, tally: done(0, 7).tally, inFlight: 0, gate: 'open' } as const;
    expect(takeReport(open, { ...report, sentAtMs: Number.MAX_SAFE_INTEGER }, 5_000)).toBe(open);
  });

  it('goes on only when no reason is left, and a resume does not raise a budget', () => {
    const paused = addReason(addReason(running(), 'operator'), 'budget');
    expect(clearReasons(paused, undefined).reasons).toEqual(['budget']);
    expect(clearReasons(paused, 'budget').reasons).toEqual(['operator']);
    expect(stateOf(clearReasons(clearReasons(paused, undefined), 'budget'))).toBe('running');
  });

  it('gets a new number with every change, and none without one', () => {
    const paused = addReason(running(), 'operator');
    expect(addReason(paused, 'operator')).toBe(paused);
    expect(clearReasons(running(), undefined).seq).toBe(0);
    expect(shardStateOf(paused)).toEqual({ seq: 1, gate: 'closed', reasons: ['operator'] });
  });

  it('counts what was never started as cancelled', () => {
    const [open] = nextShards(running(), 0);
    const cancelling = { ...open, cancelling: true };
    const ended = takeResult(
      takeResult(cancelling, { ...done(0, 10), cancelled: 20 }, 0),
      { ...done(1, 0), cancelled: 30 },
      0,
    );
    expect([stateOf(ended), cancelledTotal(ended, TOTAL)]).toEqual(['cancelling', 90]);
  });

  it('finishes what a shard left that somebody cancelled by itself', () => {
    const [open] = nextShards(running(), 0);
    const stopped = { ...done(0, 10), cancelled: 20, leftovers: [leftover(10, 0)], unread: [{ start: 11, end: 30 }] };
    const book = takeResult(open, stopped, 0);
    expect([book.cancelledRows, book.leftovers.map(({ row }) => row)]).toEqual([
      0,
      Array.from({ length: 20 }, (_, index) => 10 + index),
    ]);
  });

  it('answers a shard that was given a state from the future with a newer one', () => {
    const [open] = nextShards(running(), 0);
    const report = { shard: 0, seq: 70, tally: EMPTY_TALLY, inFlight: 0, gate: 'closing', sentAtMs: 0 } as const;
    expect(shardStateOf(takeReport(open, report, 0))).toEqual({ seq: 71, gate: 'open', reasons: [] });
  });

  it('has counts that add up to the total at every moment', () => {
    const [open] = nextShards(running(), 0);
    const report = { shard: 0, seq: 0, tally: done(0, 7).tally, inFlight: 9, gate: 'open', sentAtMs: 0 } as const;
    const { counts } = progressOf(takeReport(open, report, 0), { runId: 'run', startedAt: '', nowMs: 0 });
    expect(counts).toMatchObject({ total: TOTAL, succeeded: 7, in_flight: 9, pending: 84 });
  });

  it('say so when another version of the model answers from some moment on, also after a continue-as-new', () => {
    const notes = (book: RunBook) => progressOf(book, { runId: 'run', startedAt: '', nowMs: 0 }).notes;
    const answeredBy = (book: RunBook, shard: number, version: string): RunBook => {
      const { tally, ...rest } = done(shard, 1);
      return takeResult(book, { ...rest, tally: { ...tally, versions: [version] } }, 0);
    };
    const before = answeredBy(answeredBy(running(), 0, 'm-002'), 1, 'm-002');
    expect(notes(before)).toEqual([]);
    const after = answeredBy(openRun(carry(before, plan)), 2, 'm-001');
    expect(notes(after)).toEqual([
      'More than one version of the model answered: m-001, m-002. Compare them by the column model_version.',
    ]);
  });
});

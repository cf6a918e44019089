import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowRange } from '../../../contracts/asset.ts';
import {
  addOutcome,
  addTallies,
  EMPTY_TALLY,
  NO_USAGE,
  tallyTotal,
  type Outcome,
  type Tally,
} from '../../../contracts/outcome.ts';
import { countRows, splitRanges } from '../../../contracts/ranges.ts';
import type { Leftover, Receipt } from '../../../contracts/shard.ts';
import { openBook, type Batch, type Book } from '../../../workflows/shard/book.ts';
import { cancelledRows, isFinished, leftoversOf, rowsOf } from '../../../workflows/shard/book-sums.ts';
import { decide } from '../../../workflows/shard/decide.ts';
import type { Decision, ShardCommand, ShardEvent } from '../../../workflows/shard/events.ts';

const TOTAL = 40;
const LIMITS = { assetsInFlight: 7, insertBatch: 5, leftoverAfterMs: 1_000 };

interface Faults {
  readonly fail?: boolean;
  readonly cancel?: boolean;
  /** The store loses what is staged, now and then. */
  readonly lose?: boolean;
}

/** A world around the reducer: carries commands out in any order that a random choice picks, as Temporal could. */
function simulate(choose: (most: number) => number, faults: Faults) {
  let book = openBook({
    limits: LIMITS,
    ranges: [{ start: 0, end: TOTAL }],
    state: { seq: 0, gate: 'open', reasons: [] },
  });
  const todo: ShardEvent[] = [];
  const dispatched = new Map<number, number>();
  const segments = new Map<number, Batch[]>();
  const visible = new Map<number, Outcome>();
  let [seq, nowMs, mostInFlight] = [0, 0, 0];
  let [dispatchedWhileClosed, losses] = [0, 0];
  apply({ kind: 'opened', ranges: [{ start: 0, end: TOTAL }], visible: EMPTY_TALLY });

  for (let step = 0; step < 5_000 && !(isFinished(book) && todo.length === 0); step += 1) {
    if (faults.cancel && choose(400) === 0) apply({ kind: 'cancel' });
    if (choose(25) === 0) apply({ kind: 'state', state: { seq: (seq += 1), gate: 'closed', reasons: ['operator'] } });
    if (choose(10) === 0 || step > 2_000)
      apply({ kind: 'state', state: { seq: (seq += 1), gate: 'open', reasons: [] } });
    // Late, repeated and out-of-date messages change nothing.
    if (choose(20) === 0) apply({ kind: 'state', state: { seq: seq - 1, gate: 'closed', reasons: ['operator'] } });
    if (choose(20) === 0) apply({ kind: 'lost', segment: book.segment.number - 1 });
    if (todo.length === 0) continue;
    const [event] = todo.splice(choose(todo.length), 1);
    nowMs += 50;
    apply(event!);
  }
  return { book, visible, dispatched, mostInFlight, dispatchedWhileClosed, losses };

  function apply(event: ShardEvent): void {
    const [next, commands] = decide(book, event);
    expect(rowsOf(next), `rows after ${event.kind}`).toBe(TOTAL);
    book = next;
    mostInFlight = Math.max(mostInFlight, book.inFlight.size);
    for (const command of commands) carryOut(command);
  }

  function carryOut(command: ShardCommand): void {
    switch (command.kind) {
      case 'read': {
        const { first, rest } = splitRanges(command.ranges, 1 + choose(command.maxRows));
        todo.push({ kind: 'page', rows: rowsIn(first), rest, leftovers: [], nowMs });
        return;
      }
      case 'dispatch': {
        if (book.gate === 'closed') dispatchedWhileClosed += 1;
        dispatched.set(command.row, (dispatched.get(command.row) ?? 0) + 1);
        todo.push(answer(command.row));
        return;
      }
      case 'delay':
        todo.push({ kind: 'due', row: command.row });
        return;
      case 'stage': {
        const { segment, offset, outcomes } = command.batch;
        const staged = segments.get(segment) ?? [];
        expect(offset).toBe(staged.reduce((sum, batch) => sum + batch.outcomes.length, 0));
        expect(outcomes.length).toBeGreaterThan(0);
        if (loses(segment)) return;
        segments.set(segment, [...staged, command.batch]);
        todo.push({ kind: 'staged', receipt: receiptOf(command.batch) });
        return;
      }
      case 'commit': {
        if (loses(command.segment.number)) return;
        for (const batch of segments.get(command.segment.number) ?? []) {
          for (const outcome of batch.outcomes) {
            expect(visible.has(outcome.row), `row ${outcome.row} is committed once`).toBe(false);
            visible.set(outcome.row, outcome);
          }
        }
        todo.push({ kind: 'committed', visible: sumOf(visible.values()) });
        return;
      }
      case 'hold':
        todo.push({ kind: 'held', hold: command.hold, supported: choose(2) === 0 });
        return;
      case 'arm-commit':
        todo.push({ kind: 'commit-due', segment: command.segment });
        return;
      case 'arm-starvation':
        todo.push({ kind: 'starved', alarm: command.alarm });
        return;
      case 'abort':
        for (const event of todo.splice(0)) todo.push(calledOff(event));
        return;
      case 'fail':
        throw new Error(`no asset here fails the shard: ${command.failure.message}`);
      case 'release':
      case 'stop-run':
    }
  }

  function loses(segment: number): boolean {
    if (!faults.lose || losses === 10 || choose(3) > 0) return false;
    losses += 1;
    segments.delete(segment);
    todo.push({ kind: 'lost', segment });
    return true;
  }

  function answer(row: number): ShardEvent {
    const kind = faults.fail ? choose(6) : 5;
    const failure = { name: 'FetchFailed', message: 'no answer' } as const;
    const common = { row, assetId: `asset-${row}`, model: 'noop', failure, calls: 1, nowMs };
    if (kind === 0) return { kind: 'returned', cause: 'failure', waitMs: 100, ...common };
    if (kind === 1) return { kind: 'returned', cause: 'lost', waitMs: null, ...common };
    if (kind === 2) return { kind: 'returned', cause: 'not-started', waitMs: null, ...common, calls: 0 };
    return { kind: 'settled', outcome: outcomeOf(row) };
  }
}

function stagedBy([, commands]: Decision): Outcome | undefined {
  return commands.find((command) => command.kind === 'stage')?.batch.outcomes[0];
}

function calledOff(event: ShardEvent): ShardEvent {
  return event.kind === 'returned' ? { kind: 'withdrawn', row: event.row } : event;
}

function rowsIn(ranges: readonly RowRange[]): number[] {
  return ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index));
}

function outcomeOf(row: number): Outcome {
  return {
    row,
    assetId: `asset-${row}`,
    kind: 'succeeded',
    usage: NO_USAGE,
    costUsd: 0,
    model: 'noop',
    modelVersion: '1',
    attempts: 1,
    reused: false,
    latencyMs: 1,
    analyzedAt: '2026-01-01T00:00:00.000Z',
  };
}

function receiptOf({ segment, offset, outcomes }: Batch): Receipt {
  const named = { runId: 'run', shard: 0, executionId: 'e', number: segment };
  return { segment: named, offset, rows: outcomes.length, ref: `${segment}.${offset}`, digest: '' };
}

function sumOf(outcomes: Iterable<Outcome>): Tally {
  return [...outcomes].reduce(addOutcome, EMPTY_TALLY);
}

const choices = fc.infiniteStream(fc.nat());
const chooser = (stream: Iterator<number>) => (most: number) => (stream.next().value as number) % Math.max(1, most);

describe('the reducer of a shard, whatever the order of events', () => {
  it('shows every row exactly once and starts nothing behind a closed gate', () => {
    fc.assert(
      fc.property(choices, (stream) => {
        const end = simulate(chooser(stream[Symbol.iterator]()), {});
        expect(isFinished(end.book)).toBe(true);
        expect(end.visible.size).toBe(TOTAL);
        expect(end.mostInFlight).toBeLessThanOrEqual(LIMITS.assetsInFlight);
        expect(end.dispatchedWhileClosed).toBe(0);
        expect([...end.dispatched.values()].every((count) => count === 1)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('ends with rows shown, handed back or failed when calls fail, are lost and are never started', () => {
    fc.assert(
      fc.property(choices, (stream) => {
        const { book, visible } = simulate(chooser(stream[Symbol.iterator]()), { fail: true });
        expect(isFinished(book)).toBe(true);
        const left = leftoversOf(book).map(({ row }) => row);
        expect(visible.size + left.length).toBe(TOTAL);
        expect(left.every((row) => !visible.has(row))).toBe(true);
        expect(tallyTotal(book.visible)).toBe(visible.size);
      }),
      { numRuns: 150 },
    );
  });

  it('shows every row once, and asks for none twice, when the store loses what was staged', () => {
    let losses = 0;
    fc.assert(
      fc.property(choices, (stream) => {
        const end = simulate(chooser(stream[Symbol.iterator]()), { lose: true });
        expect(isFinished(end.book)).toBe(true);
        expect([...end.visible.keys()].toSorted((a, b) => a - b)).toEqual(rowsIn([{ start: 0, end: TOTAL }]));
        expect([...end.dispatched.values()].every((count) => count === 1)).toBe(true);
        losses += end.losses;
      }),
      { numRuns: 150 },
    );
    expect(losses).toBeGreaterThan(150);
  });

  it('accounts for every row when it is cancelled at any moment', () => {
    fc.assert(
      fc.property(choices, (stream) => {
        const { book, visible } = simulate(chooser(stream[Symbol.iterator]()), {
          fail: true,
          cancel: true,
          lose: true,
        });
        expect(isFinished(book)).toBe(true);
        const unfinished = book.cancelled ? cancelledRows(book) : leftoversOf(book).length;
        expect(visible.size + unfinished).toBe(TOTAL);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the reducer of a shard', () => {
  const opened = (ranges: readonly RowRange[] = [{ start: 0, end: 3 }], visible: Tally = EMPTY_TALLY): Book => {
    const book = openBook({ limits: LIMITS, ranges, state: { seq: 1, gate: 'open', reasons: [] } });
    return decide(book, { kind: 'opened', ranges, visible })[0];
  };
  const kinds = (commands: readonly ShardCommand[]) => commands.map(({ kind }) => kind);

  it('works only on the rows that an earlier execution has not made visible', () => {
    const ranges = [{ start: 0, end: 3 }];
    const book = openBook({ limits: LIMITS, ranges, state: { seq: 1, gate: 'open', reasons: [] } });
    const visible = addTallies(EMPTY_TALLY, sumOf([outcomeOf(0), outcomeOf(1)]));
    const [, commands] = decide(book, { kind: 'opened', ranges: [{ start: 2, end: 3 }], visible });
    expect(commands).toEqual([{ kind: 'read', ranges: [{ start: 2, end: 3 }], maxRows: 500 }]);
  });

  const ranges = [{ start: 0, end: 3 }];
  const page = { rows: [0, 1], rest: [{ start: 2, end: 3 }], leftovers: [], nowMs: 0 };

  it('starts with the assets that came with what is visible, and reads the others', () => {
    const book = openBook({ limits: LIMITS, ranges, state: { seq: 1, gate: 'open', reasons: [] } });
    const [, commands] = decide(book, { kind: 'opened', ranges, visible: EMPTY_TALLY, page });
    expect(commands).toEqual([
      { kind: 'read', ranges: page.rest, maxRows: 500 },
      { kind: 'dispatch', row: 0, priorAttempts: 0 },
      { kind: 'dispatch', row: 1, priorAttempts: 0 },
    ]);
  });

  it('keeps such assets while it is paused, and counts them when it is cancelled', () => {
    const paused = openBook({ limits: LIMITS, ranges, state: { seq: 1, gate: 'closed', reasons: ['operator'] } });
    const [held, none] = decide(paused, { kind: 'opened', ranges, visible: EMPTY_TALLY, page });
    expect(kinds(none)).not.toContain('dispatch');
    const [, resumed] = decide(held, { kind: 'state', state: { seq: 2, gate: 'open', reasons: [] } });
    expect(kinds(resumed).filter((kind) => kind === 'dispatch')).toHaveLength(2);
    expect(cancelledRows(decide(held, { kind: 'cancel' })[0])).toBe(3);
    const [cancelled] = decide(paused, { kind: 'cancel' });
    const [over, nothing] = decide(cancelled, { kind: 'opened', ranges, visible: EMPTY_TALLY, page });
    expect([cancelledRows(over), isFinished(over), nothing]).toEqual([3, true, []]);
  });

  it('is finished at once when everything is visible already', () => {
    const book = openBook({
      limits: LIMITS,
      ranges: [{ start: 0, end: 1 }],
      state: { seq: 1, gate: 'open', reasons: [] },
    });
    const [next, commands] = decide(book, { kind: 'opened', ranges: [], visible: sumOf([outcomeOf(0)]) });
    expect([isFinished(next), commands]).toEqual([true, []]);
  });

  it('dispatches a row that was handed back only when it is due', () => {
    const leftover: Leftover = {
      row: 1,
      attempts: 2,
      lost: 0,
      askedAgain: false,
      firstFailedAtMs: 0,
      notBeforeMs: 5_000,
    };
    const [next, commands] = decide(opened(), {
      kind: 'page',
      rows: [0, 1],
      rest: [],
      leftovers: [leftover],
      nowMs: 1_000,
    });
    expect(kinds(commands)).toEqual(['delay', 'dispatch']);
    expect(commands[0]).toMatchObject({ row: 1, waitMs: 4_000 });
    const [, due] = decide(next, { kind: 'due', row: 1 });
    expect(due).toEqual([{ kind: 'dispatch', row: 1, priorAttempts: 2 }]);
  });

  it('closes its gate by itself when the quota is used up, and tells the run', () => {
    const [reading] = decide(opened(), { kind: 'page', rows: [0, 1, 2], rest: [], leftovers: [], nowMs: 0 });
    const failure = { name: 'QuotaExhausted', message: 'used up' } as const;
    const [next, commands] = decide(reading, {
      kind: 'returned',
      row: 0,
      assetId: 'asset-0',
      model: 'noop',
      cause: 'failure',
      failure,
      calls: 1,
      waitMs: null,
      nowMs: 0,
    });
    expect(kinds(commands)).toEqual(['stop-run', 'hold']);
    expect(next.gate).toBe('closed');
    expect(next.waiting.map(({ row }) => row)).toEqual([0]);
  });

  /** One asset, answered, and what was staged of it lost so many times. */
  function lostTimes(times: number) {
    let [book] = decide(opened([{ start: 0, end: 1 }]), { kind: 'page', rows: [0], rest: [], leftovers: [], nowMs: 0 });
    let commands: readonly ShardCommand[];
    [book, commands] = decide(book, { kind: 'settled', outcome: outcomeOf(0) });
    for (let loss = 0; loss < times; loss += 1) {
      [book, commands] = decide(book, { kind: 'lost', segment: book.segment.number });
    }
    return { book, commands };
  }

  it('stages again, from its start and in another segment, what was lost', () => {
    const { book, commands } = lostTimes(10);
    expect(commands).toEqual([{ kind: 'stage', batch: { segment: 10, offset: 0, outcomes: [outcomeOf(0)] } }]);
    expect(isFinished(book)).toBe(false);
  });

  it('fails when what it stages is lost for ever', () => {
    const [fail] = lostTimes(11).commands;
    expect(fail).toMatchObject({
      kind: 'fail',
      failure: { name: 'StoreUnavailable', message: expect.stringMatching(/11 times/) },
    });
  });

  it('adds what an answer took that could not be used to the one that could', () => {
    const usage = { ...NO_USAGE, inputTokens: 100 };
    const useless = {
      kind: 'returned',
      row: 0,
      assetId: 'asset-0',
      model: 'noop',
      cause: 'failure',
      failure: { name: 'AnswerInvalid', message: 'no JSON' },
      calls: 1,
      waitMs: null,
      spent: { usage, costUsd: 0.25 },
      nowMs: 0,
    } as const;
    let [book] = decide(opened([{ start: 0, end: 1 }]), { kind: 'page', rows: [0], rest: [], leftovers: [], nowMs: 0 });
    [book] = decide(book, useless);
    const answered = { ...outcomeOf(0), usage, costUsd: 0.5 };
    expect(stagedBy(decide(book, { kind: 'settled', outcome: answered }))).toMatchObject({
      kind: 'succeeded',
      usage: { inputTokens: 200 },
      costUsd: 0.75,
    });
    const unknown = { ...answered, costUsd: null };
    expect(stagedBy(decide(book, { kind: 'settled', outcome: unknown }))).toMatchObject({ costUsd: null });
    // Asked again once only.
    expect(stagedBy(decide(book, useless))).toMatchObject({
      kind: 'failed',
      usage: { inputTokens: 200 },
      costUsd: 0.5,
    });
  });

  it('cuts a batch by bytes as well as by rows', () => {
    const big = { ...outcomeOf(0), findings: { text: 'x'.repeat(300_000) } };
    let [book] = decide(opened([{ start: 0, end: 5 }]), {
      kind: 'page',
      rows: [0, 1, 2, 3, 4],
      rest: [],
      leftovers: [],
      nowMs: 0,
    });
    let commands: readonly ShardCommand[] = [];
    for (const row of [0, 1, 2, 3, 4]) [book, commands] = decide(book, { kind: 'settled', outcome: { ...big, row } });
    const stage = commands.find((command) => command.kind === 'stage');
    expect(stage?.batch.outcomes).toHaveLength(1);
  });

  it('ignores an answer for a row that is not in flight', () => {
    const before = opened();
    expect(decide(before, { kind: 'settled', outcome: outcomeOf(2) })[0]).toEqual(before);
    expect(countRows(before.unread)).toBe(3);
  });
});

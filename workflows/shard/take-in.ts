import { addOutcome, addSpent, NO_USAGE, type Outcome, type Tally } from '../../contracts/outcome.ts';
import type { RowCase } from '../../contracts/shard.ts';
import { afterFailure, type NextStep } from './after-failure.ts';
import { emptySegment, type Book } from './book.ts';
import type { Decision, Page, ShardCommand, ShardEvent } from './events.ts';

/** What an event changes by itself, before anything new is started. */
export function takeIn(book: Book, event: ShardEvent): Decision {
  switch (event.kind) {
    case 'opened':
      return takeOpened(book, event);
    case 'page':
      return takePage(book, event);
    case 'settled':
      return [settle(book, event.outcome), []];
    case 'returned':
      return takeReturned(book, event);
    case 'withdrawn':
      return [putBack(book, event.row), []];
    case 'state':
      return takeState(book, event.state);
    case 'held':
      return [takeHeld(book, event.hold, event.supported), []];
    case 'due':
      return [takeDue(book, event.row), []];
    case 'starved':
      return [event.alarm === book.starvation ? { ...book, givingUp: true } : book, []];
    case 'commit-due':
      return [event.segment === book.segment.number ? { ...book, commitDue: true } : book, []];
    case 'staged':
      return takeStaged(book, event.receipt);
    case 'committed':
      return [takeCommitted(book, event.visible), []];
    case 'lost':
      return takeLost(book, event.segment);
    case 'cancel':
      return book.cancelled ? [book, []] : [{ ...book, cancelled: true, reading: false }, [{ kind: 'abort' }]];
  }
}

function takeOpened(book: Book, { ranges, visible, page }: Extract<ShardEvent, { kind: 'opened' }>): Decision {
  const opened: Book = { ...book, opening: false, unread: ranges, visible };
  return page && !book.cancelled ? takePage({ ...opened, reading: true }, page) : [opened, []];
}

function takePage(book: Book, event: Page): Decision {
  if (!book.reading) return [book, []];
  const known = new Map(event.leftovers.map((leftover) => [leftover.row, leftover]));
  const waiting = [...book.waiting];
  const delayed = new Map(book.delayed);
  const commands: ShardCommand[] = [];
  for (const row of event.rows) {
    const leftover = known.get(row);
    if (!leftover) waiting.push(freshCase(row));
    else {
      const { notBeforeMs, ...rest } = leftover;
      const waitMs = Math.max(0, notBeforeMs - event.nowMs);
      if (waitMs === 0) waiting.push(rest);
      else {
        delayed.set(row, { ...rest, dueMs: notBeforeMs });
        commands.push({ kind: 'delay', row, waitMs });
      }
    }
  }
  return [{ ...book, reading: false, unread: event.rest, waiting, delayed }, commands];
}

function freshCase(row: number): RowCase {
  return { row, attempts: 0, lost: 0, askedAgain: false, firstFailedAtMs: null };
}

function settle(book: Book, outcome: Outcome): Book {
  const row = book.inFlight.get(outcome.row);
  if (!row) return book;
  // Answers that could not be used were paid for as well.
  const whole = row.spent ? { ...outcome, ...addSpent(row.spent, outcome) } : outcome;
  return { ...book, inFlight: without(book.inFlight, outcome.row), unstaged: [...book.unstaged, whole] };
}

function takeReturned(book: Book, event: Extract<ShardEvent, { kind: 'returned' }>): Decision {
  const row = book.inFlight.get(event.row);
  if (!row) return [book, []];
  const inFlight = without(book.inFlight, event.row);
  const step = afterFailure(row, event);
  switch (step.kind) {
    case 'give-up':
      return [{ ...book, inFlight, unstaged: [...book.unstaged, failedOutcome(event, step)] }, []];
    case 'fail-shard':
      return [putBack(book, event.row), [{ kind: 'fail', failure: step.failure }]];
    case 'stop-run':
      // The gate closes here at once; the run then tells every shard, and a resume opens it with a higher seq.
      return [
        { ...book, inFlight, waiting: [step.next, ...book.waiting], gate: 'closed' },
        [{ kind: 'stop-run', reason: step.reason, why: step.why }],
      ];
    case 'again': {
      if (step.waitMs === 0) return [{ ...book, inFlight, waiting: [step.next, ...book.waiting] }, []];
      const delayed = new Map(book.delayed).set(event.row, { ...step.next, dueMs: event.nowMs + step.waitMs });
      return [{ ...book, inFlight, delayed }, [{ kind: 'delay', row: event.row, waitMs: step.waitMs }]];
    }
  }
}

function failedOutcome(
  event: Extract<ShardEvent, { kind: 'returned' }>,
  { failure, next }: Extract<NextStep, { kind: 'give-up' }>,
): Outcome {
  return {
    row: event.row,
    assetId: event.assetId,
    kind: 'failed',
    failure,
    usage: next.spent?.usage ?? NO_USAGE,
    // What a lost call cost is not known.
    costUsd: next.lost === 0 ? (next.spent?.costUsd ?? null) : null,
    model: event.model,
    modelVersion: '',
    attempts: next.attempts,
    reused: false,
    latencyMs: 0,
    analyzedAt: new Date(event.nowMs).toISOString(),
  };
}

/** A call that was called off: its row goes back, not settled, not failed. */
function putBack(book: Book, row: number): Book {
  const found = book.inFlight.get(row);
  if (!found) return book;
  return { ...book, inFlight: without(book.inFlight, row), waiting: [found, ...book.waiting] };
}

function takeState(book: Book, state: { readonly seq: number; readonly gate: 'open' | 'closed' }): Decision {
  if (state.seq <= book.seq) return [book, []];
  const opens = state.gate === 'open' && book.hold !== 'none';
  const next: Book = { ...book, seq: state.seq, gate: state.gate, hold: opens ? 'none' : book.hold };
  return [next, opens ? [{ kind: 'release' }] : []];
}

function takeHeld(book: Book, hold: number, supported: boolean): Book {
  if (book.hold !== 'asked' || hold !== book.holds) return book;
  return { ...book, hold: supported ? 'held' : 'running-off' };
}

function takeDue(book: Book, row: number): Book {
  const found = book.delayed.get(row);
  if (!found || book.givingUp) return book;
  const { dueMs: _, ...rest } = found;
  return { ...book, delayed: without(book.delayed, row), waiting: [rest, ...book.waiting] };
}

function takeStaged(book: Book, receipt: Extract<ShardEvent, { kind: 'staged' }>['receipt']): Decision {
  if (!book.staging) return [book, []];
  const tally = book.staging.outcomes.reduce(addOutcome, book.segment.tally);
  const outcomes = [...book.segment.outcomes, ...book.staging.outcomes];
  const segment = { ...book.segment, receipts: [...book.segment.receipts, receipt], outcomes, tally };
  const first: ShardCommand[] =
    book.segment.receipts.length === 0 ? [{ kind: 'arm-commit', segment: segment.number }] : [];
  return [{ ...book, staging: null, segment }, first];
}

/** The store's own sum replaces ours: another execution of this shard may have shown some of these rows first. */
function takeCommitted(book: Book, visible: Tally): Book {
  if (!book.committing) return book;
  return {
    ...book,
    committing: false,
    commitDue: false,
    visible,
    segment: emptySegment(book.segment.number + 1),
  };
}

/** Its outcomes wait again, in their order; a new segment takes them. */
function takeLost(book: Book, number: number): Decision {
  if (number !== book.segment.number) return [book, []];
  const losses = book.losses + 1;
  const staged = [...book.segment.outcomes, ...(book.staging?.outcomes ?? [])];
  const segment = emptySegment(number + 1);
  const next: Book = {
    ...book,
    losses,
    segment,
    staging: null,
    committing: false,
    unstaged: [...staged, ...book.unstaged],
  };
  if (losses <= MOST_LOSSES) return [next, []];
  const message = `The store has lost what one shard had staged ${losses} times.`;
  return [next, [{ kind: 'fail', failure: { name: 'StoreUnavailable', message } }]];
}

/** Outcomes staged again stand in the history again: so often a shard of the largest size is far from its limit. */
const MOST_LOSSES = 10;

function without<V>(map: ReadonlyMap<number, V>, key: number): Map<number, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

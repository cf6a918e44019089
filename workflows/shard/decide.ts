import { countRows } from '../../contracts/ranges.ts';
import {
  addOutcome,
  addTallies,
  EMPTY_TALLY,
  NO_USAGE,
  tallyTotal,
  type Outcome,
  type Tally,
} from '../../contracts/outcome.ts';
import type { Leftover, RowCase } from '../../contracts/shard.ts';
import { afterFailure } from './after-failure.ts';
import { emptySegment, type Book } from './book.ts';
import type { ShardCommand, ShardEvent } from './events.ts';

/** A staged batch stays below this, so that its activity input stays far from the server's limit. */
export const STAGE_BYTES = 512 * 1024;

export type Decision = readonly [Book, readonly ShardCommand[]];

/**
 * The whole behaviour of a shard: takes in one event and says what to do next. Pure: equal arguments, equal answers; the
 * workflow only carries commands out and feeds events in.
 */
export function decide(book: Book, event: ShardEvent): Decision {
  const [taken, first] = takeIn(book, event);
  const [next, commands] = advance(taken);
  return [next, [...first, ...commands]];
}

/** True when nothing is left to do: every row is visible, handed back, or counted as cancelled. */
export function isFinished(book: Book): boolean {
  const open = book.inFlight.size + book.unstaged.length + book.segment.rows;
  if (book.opening || open > 0 || book.staging || book.committing || book.reading) return false;
  return (
    book.cancelled ||
    book.givingUp ||
    (book.delayed.size === 0 && book.waiting.length === 0 && book.unread.length === 0)
  );
}

/** Rows that got no outcome because the run was cancelled. */
export function cancelledRows(book: Book): number {
  return book.cancelled ? book.waiting.length + book.delayed.size + countRows(book.unread) : 0;
}

/** Rows that wait for a retry when the shard ends without them. */
export function leftoversOf(book: Book): Leftover[] {
  if (book.cancelled) return [];
  const delayed = [...book.delayed.values()].map(({ dueMs, ...row }) => ({ ...row, notBeforeMs: dueMs }));
  return [...book.waiting.map((row) => ({ ...row, notBeforeMs: 0 })), ...delayed];
}

function takeIn(book: Book, event: ShardEvent): Decision {
  switch (event.kind) {
    case 'opened':
      return [{ ...book, opening: false, unread: event.ranges, visible: event.visible }, []];
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
    case 'cancel':
      return book.cancelled ? [book, []] : [{ ...book, cancelled: true, reading: false }, [{ kind: 'abort' }]];
  }
}

function takePage(book: Book, event: Extract<ShardEvent, { kind: 'page' }>): Decision {
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
  return { row, attempts: 0, lost: 0, askedAgain: false, firstFailedAtMs: null, failure: null };
}

function settle(book: Book, outcome: Outcome): Book {
  if (!book.inFlight.has(outcome.row)) return book;
  return { ...book, inFlight: without(book.inFlight, outcome.row), unstaged: [...book.unstaged, outcome] };
}

function takeReturned(book: Book, event: Extract<ShardEvent, { kind: 'returned' }>): Decision {
  const row = book.inFlight.get(event.row);
  if (!row) return [book, []];
  const inFlight = without(book.inFlight, event.row);
  const step = afterFailure(row, event);
  switch (step.kind) {
    case 'give-up':
      return [{ ...book, inFlight, unstaged: [...book.unstaged, failedOutcome(event, step)] }, []];
    case 'stop-run':
      // The gate closes here at once; the run then tells every shard, and a resume opens it with a higher seq.
      return [
        { ...book, inFlight, waiting: [step.next, ...book.waiting], gate: 'closed' },
        [{ kind: 'stop-run', reason: step.reason }],
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
  { failure, attempts }: { failure: Outcome['failure'] & object; attempts: number },
): Outcome {
  return {
    row: event.row,
    assetId: event.assetId,
    kind: 'failed',
    failure,
    usage: NO_USAGE,
    costUsd: null,
    model: event.model,
    modelVersion: '',
    attempts,
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
  const rows = book.segment.rows + book.staging.outcomes.length;
  const segment = { ...book.segment, receipts: [...book.segment.receipts, receipt], rows, tally };
  const first: ShardCommand[] = book.segment.rows === 0 ? [{ kind: 'arm-commit', segment: segment.number }] : [];
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

/** Everything that can be started now. */
function advance(book: Book): Decision {
  let [next, commands] = closeGate(book);
  for (const step of [read, dispatch, stage, commit, watchStarvation]) {
    const [after, more] = step(next);
    next = after;
    commands = [...commands, ...more];
  }
  return [next, commands];
}

function closeGate(book: Book): Decision {
  if (book.gate === 'open' || book.cancelled) return [book, []];
  if (book.inFlight.size === 0 && book.hold !== 'held') return [{ ...book, hold: 'held' }, []];
  if (book.hold !== 'none') return [book, []];
  const holds = book.holds + 1;
  return [{ ...book, hold: 'asked', holds }, [{ kind: 'hold', hold: holds }]];
}

function mayStart(book: Book): boolean {
  return !book.opening && book.gate === 'open' && !book.cancelled && !book.givingUp;
}

function read(book: Book): Decision {
  const enough = book.waiting.length >= book.limits.assetsInFlight;
  if (!mayStart(book) || book.reading || enough || book.unread.length === 0) return [book, []];
  return [{ ...book, reading: true }, [{ kind: 'read', ranges: book.unread, maxRows: READ_ROWS }]];
}

/** Largest page; the activity cuts it shorter by bytes. */
const READ_ROWS = 500;

function dispatch(book: Book): Decision {
  const room = mayStart(book) ? book.limits.assetsInFlight - book.inFlight.size : 0;
  if (room <= 0 || book.waiting.length === 0) return [book, []];
  const inFlight = new Map(book.inFlight);
  const commands = book.waiting.slice(0, room).map((row): ShardCommand => {
    inFlight.set(row.row, row);
    return { kind: 'dispatch', row: row.row, priorAttempts: row.attempts };
  });
  return [{ ...book, inFlight, waiting: book.waiting.slice(room) }, commands];
}

function stage(book: Book): Decision {
  if (book.staging || book.committing || book.unstaged.length === 0) return [book, []];
  if (book.unstaged.length < book.limits.insertBatch && !mustShow(book)) return [book, []];
  const size = batchSize(book.unstaged, book.limits.insertBatch);
  const batch = { segment: book.segment.number, offset: book.segment.rows, outcomes: book.unstaged.slice(0, size) };
  return [{ ...book, staging: batch, unstaged: book.unstaged.slice(size) }, [{ kind: 'stage', batch }]];
}

function batchSize(outcomes: readonly Outcome[], mostRows: number): number {
  let bytes = 0;
  let size = 0;
  for (const outcome of outcomes.slice(0, mostRows)) {
    bytes += JSON.stringify(outcome).length;
    if (size > 0 && bytes > STAGE_BYTES) break;
    size += 1;
  }
  return size;
}

function commit(book: Book): Decision {
  const ready = !book.staging && !book.committing && book.segment.rows > 0;
  if (!ready || !(book.commitDue || mustShow(book))) return [book, []];
  if (mustShow(book) && book.unstaged.length > 0) return [book, []];
  return [{ ...book, committing: true }, [{ kind: 'commit', segment: book.segment }]];
}

/** Whether what is finished has to become visible now: at the end, before waiting in pause, and in cancel. */
function mustShow(book: Book): boolean {
  if (book.cancelled) return book.inFlight.size === 0;
  if (book.gate === 'closed') return book.hold === 'held';
  if (book.givingUp) return book.inFlight.size === 0;
  const toStart = book.waiting.length + book.delayed.size + book.unread.length;
  return toStart === 0 && book.inFlight.size === 0 && !book.reading;
}

/** Arms the alarm when only rows that failed before are left, disarms it in a pause. */
function watchStarvation(book: Book): Decision {
  if (!onlyRetriesLeft(book)) return [book.starvation === null ? book : { ...book, starvation: null }, []];
  if (book.starvation !== null) return [book, []];
  const alarm = book.alarms + 1;
  const arm: ShardCommand = { kind: 'arm-starvation', alarm, afterMs: book.limits.leftoverAfterMs };
  return [{ ...book, starvation: alarm, alarms: alarm }, [arm]];
}

function onlyRetriesLeft(book: Book): boolean {
  if (!mayStart(book) || book.reading || book.unread.length > 0) return false;
  const left = [...book.waiting, ...book.inFlight.values(), ...book.delayed.values()];
  return left.length > 0 && left.every((row) => row.firstFailedAtMs !== null);
}

/** Assets settled in this shard so far, visible or not. */
export function tallyOf(book: Book): Tally {
  const staging = book.staging?.outcomes ?? [];
  const own = [...staging, ...book.unstaged].reduce(addOutcome, EMPTY_TALLY);
  return addTallies(addTallies(book.visible, book.segment.tally), own);
}

/** Sum of everything, for checks: stays equal while a shard runs. */
export function rowsOf(book: Book): number {
  const held = book.waiting.length + book.inFlight.size + book.delayed.size;
  return tallyTotal(tallyOf(book)) + held + countRows(book.unread);
}

function without<V>(map: ReadonlyMap<number, V>, key: number): Map<number, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

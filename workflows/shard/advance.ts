import type { Outcome } from '../../contracts/outcome.ts';
import type { Book } from './book.ts';
import type { Decision, ShardCommand } from './events.ts';

/** A staged batch stays below this, so that its activity input stays far from the server's limit. */
const STAGE_BYTES = 512 * 1024;

/** Everything that can be started now. */
export function advance(book: Book): Decision {
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
export const READ_ROWS = 500;

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
  const batch = {
    segment: book.segment.number,
    offset: book.segment.outcomes.length,
    outcomes: book.unstaged.slice(0, size),
  };
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
  const ready = !book.staging && !book.committing && book.segment.outcomes.length > 0;
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

import { addOutcome, addTallies, EMPTY_TALLY, tallyTotal, type Tally } from '../../contracts/outcome.ts';
import { countRows } from '../../contracts/ranges.ts';
import type { Leftover } from '../../contracts/shard.ts';
import type { Book } from './book.ts';

/** True when nothing is left to do: every row is visible, handed back, or counted as cancelled. */
export function isFinished(book: Book): boolean {
  const open = book.inFlight.size + book.unstaged.length + book.segment.outcomes.length;
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

/** Rows that were begun and have no outcome when the shard ends. */
export function leftoversOf(book: Book): Leftover[] {
  const delayed = [...book.delayed.values()].map(({ dueMs, ...row }) => ({ ...row, notBeforeMs: dueMs }));
  return [...book.waiting.map((row) => ({ ...row, notBeforeMs: 0 })), ...delayed];
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

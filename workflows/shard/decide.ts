import { advance } from './advance.ts';
import type { Book } from './book.ts';
import type { Decision, ShardEvent } from './events.ts';
import { takeIn } from './take-in.ts';

/**
 * The whole behaviour of a shard: takes in one event and says what to do next. Pure: equal arguments, equal answers; the
 * workflow only carries commands out and feeds events in.
 */
export function decide(book: Book, event: ShardEvent): Decision {
  const [taken, first] = takeIn(book, event);
  const [next, commands] = advance(taken);
  return [next, [...first, ...commands]];
}

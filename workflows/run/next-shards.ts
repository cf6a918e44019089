import { toRanges } from '../../contracts/ranges.ts';
import type { Leftover } from '../../contracts/shard.ts';
import type { OpenShard, RunBook, ShardStart } from './run-book.ts';
import { isStaggered, nextSize, openingSize } from './shard-sizes.ts';

export type NextShards = readonly [RunBook, readonly ShardStart[]];

/**
 * The shards to start now: the window slides, so one starts as soon as another ends. Rows that were handed back come after
 * the last window, when the first of them is due.
 */
export function nextShards(book: RunBook, nowMs: number): NextShards {
  const { plan } = book;
  if (!plan || book.draining || book.cancelling || book.reasons.length > 0 || book.phase !== 'running')
    return [book, []];
  let next = book;
  const starts: ShardStart[] = [];
  const { shardsInFlight, shardSize } = plan.limits;
  const opens = book.open.size === 0 && isStaggered(plan, plan.total - book.nextRow);
  while (next.open.size < shardsInFlight) {
    const size = opens ? openingSize(plan, starts.length) : nextSize(plan, plan.total - next.nextRow);
    const start = nextWindow(next, plan.total, size) ?? nextTail(next, shardSize, nowMs);
    if (!start) break;
    starts.push(start);
    next = withStarted(next, start);
  }
  return [next, starts];
}

/** When the next tail shard may start, in ms; null when nothing waits for a moment. */
export function nextTailAtMs(book: RunBook): number | null {
  return book.leftovers.length === 0 ? null : Math.min(...book.leftovers.map((leftover) => leftover.notBeforeMs));
}

/** True when every row belongs to a shard that has ended. */
export function allShardsDone(book: RunBook): boolean {
  return book.plan !== null && book.nextRow >= book.plan.total && book.leftovers.length === 0 && book.open.size === 0;
}

/**
 * With this many rows waiting for a retry something is wrong that more calls would not mend, and they all have to fit into
 * the input of the next execution (2 MB; about 120 bytes each, and up to 64 shards may still hand back 500).
 */
const MOST_LEFTOVERS = 2_000;

function nextWindow(book: RunBook, total: number, shardSize: number): ShardStart | undefined {
  if (book.nextRow >= total || book.leftovers.length >= MOST_LEFTOVERS) return undefined;
  const end = Math.min(total, book.nextRow + shardSize);
  return { shard: book.nextShard, ranges: [{ start: book.nextRow, end }], leftovers: [] };
}

function nextTail(book: RunBook, shardSize: number, nowMs: number): ShardStart | undefined {
  const due = nextTailAtMs(book);
  if (due === null || due > nowMs) return undefined;
  const leftovers = book.leftovers.toSorted(byDue).slice(0, shardSize);
  return { shard: book.nextShard, ranges: toRanges(leftovers.map(({ row }) => row)), leftovers };
}

function byDue(a: Leftover, b: Leftover): number {
  return a.notBeforeMs - b.notBeforeMs || a.row - b.row;
}

function withStarted(book: RunBook, start: ShardStart): RunBook {
  const taken = new Set(start.leftovers.map(({ row }) => row));
  const opened: OpenShard = { ...start, report: null };
  return {
    ...book,
    open: new Map(book.open).set(start.shard, opened),
    nextShard: start.shard + 1,
    nextRow: start.leftovers.length > 0 ? book.nextRow : (start.ranges.at(-1)?.end ?? book.nextRow),
    leftovers: book.leftovers.filter(({ row }) => !taken.has(row)),
  };
}

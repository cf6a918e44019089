import type { RowRange } from '../../contracts/asset.ts';
import type { SentShardReport } from '../../contracts/messages.ts';
import { addTallies, EMPTY_TALLY, tallyTotal, type Tally } from '../../contracts/outcome.ts';
import { addSample, type ProgressSample } from '../../contracts/rate.ts';
import type { PauseReason, RunPlan, RunState } from '../../contracts/run.ts';
import type { Leftover, ShardResult, ShardState } from '../../contracts/shard.ts';

/** One shard to be started. */
export interface ShardStart {
  readonly shard: number;
  readonly ranges: readonly RowRange[];
  readonly leftovers: readonly Leftover[];
}

export interface OpenShard extends ShardStart {
  readonly report: SentShardReport | null;
}

/** What survives a continue-as-new. */
export interface Carried {
  readonly plan: RunPlan;
  readonly nextRow: number;
  readonly nextShard: number;
  readonly leftovers: readonly Leftover[];
  /** Sum over the shards that are done. */
  readonly tally: Tally;
  readonly shardsDone: number;
  readonly reasons: readonly PauseReason[];
  readonly seq: number;
  readonly samples: readonly ProgressSample[];
  readonly notes: readonly string[];
}

/** Everything a run knows, as plain data. `phase` is what no pause changes. */
export interface RunBook {
  readonly phase: 'preparing' | 'running' | 'verifying' | 'completed' | 'cancelled' | 'failed';
  readonly cancelling: boolean;
  readonly plan: RunPlan | null;
  readonly nextRow: number;
  readonly nextShard: number;
  readonly leftovers: readonly Leftover[];
  readonly tally: Tally;
  /** Rows of ended shards that got no outcome because of the cancellation. */
  readonly cancelledRows: number;
  readonly shardsDone: number;
  readonly open: ReadonlyMap<number, OpenShard>;
  /** Sorted, each once. */
  readonly reasons: readonly PauseReason[];
  readonly seq: number;
  /** Stop starting shards: continue as new when the open ones are done. */
  readonly draining: boolean;
  readonly samples: readonly ProgressSample[];
  readonly notes: readonly string[];
}

export function openRun(carried: Carried | undefined): RunBook {
  return {
    phase: carried ? 'running' : 'preparing',
    cancelling: false,
    plan: carried?.plan ?? null,
    nextRow: carried?.nextRow ?? 0,
    nextShard: carried?.nextShard ?? 0,
    leftovers: carried?.leftovers ?? [],
    tally: carried?.tally ?? EMPTY_TALLY,
    cancelledRows: 0,
    shardsDone: carried?.shardsDone ?? 0,
    open: new Map(),
    reasons: carried?.reasons ?? [],
    seq: carried?.seq ?? 0,
    draining: false,
    samples: carried?.samples ?? [],
    notes: carried?.notes ?? [],
  };
}

/** Only when nothing is in flight. */
export function carry(book: RunBook, plan: RunPlan): Carried {
  const { nextRow, nextShard, leftovers, tally, shardsDone, reasons, seq, samples, notes } = book;
  return { plan, nextRow, nextShard, leftovers, tally, shardsDone, reasons, seq, samples, notes };
}

/** PROTOCOL 1. */
export function stateOf(book: RunBook): RunState {
  if (book.phase !== 'running') return book.cancelling && book.phase === 'preparing' ? 'cancelling' : book.phase;
  if (book.cancelling) return 'cancelling';
  if (book.reasons.length === 0) return 'running';
  const held = [...book.open.values()].every(({ report }) => report?.gate === 'held' && report.seq >= book.seq);
  return held ? 'paused' : 'pausing';
}

/** What every shard is told. */
export function shardStateOf(book: RunBook): ShardState {
  return { seq: book.seq, gate: book.reasons.length === 0 ? 'open' : 'closed', reasons: book.reasons };
}

export function addReason(book: RunBook, reason: PauseReason): RunBook {
  if (book.reasons.includes(reason)) return book;
  return { ...book, reasons: [...book.reasons, reason].toSorted(), seq: book.seq + 1, samples: [] };
}

/**
 * A named reason clears just that one. Without one a person's resume clears everything that a person can judge; only the
 * budget is left, because resuming does not raise it.
 */
export function clearReasons(book: RunBook, reason: PauseReason | undefined): RunBook {
  const reasons = book.reasons.filter((old) => (reason ? old !== reason : old === 'budget'));
  if (reasons.length === book.reasons.length) return book;
  return { ...book, reasons, seq: book.seq + 1, samples: [] };
}

/** The newest report of a shard counts; one that comes late, or from a time to come, changes nothing. */
export function takeReport(book: RunBook, report: SentShardReport, nowMs: number): RunBook {
  const shard = book.open.get(report.shard);
  if (!shard || report.sentAtMs > nowMs + CLOCK_SKEW_MS) return book;
  if (shard.report && report.sentAtMs < shard.report.sentAtMs) return book;
  const open = new Map(book.open).set(report.shard, { ...shard, report });
  // Somebody else has given this shard a state from the future: ours has to be newer to be heard.
  const seq = report.seq > book.seq ? report.seq + 1 : book.seq;
  const notes = report.note && !book.notes.includes(report.note) ? [...book.notes, report.note] : book.notes;
  return sample({ ...book, seq, open, notes }, nowMs);
}

export function takeResult(book: RunBook, result: ShardResult, nowMs: number): RunBook {
  const open = new Map(book.open);
  open.delete(result.shard);
  return sample(
    {
      ...book,
      open,
      tally: addTallies(book.tally, result.tally),
      // A shard that somebody cancelled by itself is finished by others: only a cancelled run has cancelled rows.
      cancelledRows: book.cancelledRows + (book.cancelling ? result.cancelled : 0),
      leftovers: book.cancelling ? book.leftovers : [...book.leftovers, ...result.leftovers, ...unbegun(result.unread)],
      shardsDone: book.shardsDone + 1,
    },
    nowMs,
  );
}

/** Most that the clocks of two hosts of a server may differ. */
const CLOCK_SKEW_MS = 60_000;

function unbegun(ranges: readonly RowRange[]): Leftover[] {
  return ranges.flatMap(({ start, end }) =>
    Array.from({ length: end - start }, (_, index) => ({
      row: start + index,
      attempts: 0,
      lost: 0,
      askedAgain: false,
      firstFailedAtMs: null,
      notBeforeMs: 0,
    })),
  );
}

/** A shard that failed: what it did not show is pending in a run that fails. */
export function dropShard(book: RunBook, shard: number): RunBook {
  const open = new Map(book.open);
  return open.delete(shard) ? { ...book, open } : book;
}

/** Assets with an outcome, in shards that are done and in open ones as far as they have reported. */
export function liveTally(book: RunBook): Tally {
  return [...book.open.values()].reduce(
    (sum, { report }) => (report ? addTallies(sum, report.tally) : sum),
    book.tally,
  );
}

/** Every asset that has no outcome when a cancelled run ends. */
export function cancelledTotal(book: RunBook, total: number): number {
  return book.cancelledRows + book.leftovers.length + (total - book.nextRow);
}

/** Work begins or goes on: the rate is measured from this moment, not from the first answers. */
export function measureFromHere(book: RunBook, nowMs: number): RunBook {
  return book.samples.length > 0 ? book : sample(book, nowMs);
}

function sample(book: RunBook, nowMs: number): RunBook {
  if (book.reasons.length > 0) return book;
  return { ...book, samples: addSample(book.samples, { atMs: nowMs, done: tallyTotal(liveTally(book)) }) };
}

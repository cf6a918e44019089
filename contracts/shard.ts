import type { RowRange } from './asset.ts';
import type { Spent, Tally } from './outcome.ts';
import type { PauseReason, RunPlan } from './run.ts';

/** What becomes visible at once: a shard normally has one, each pause or hourly timer with staged rows adds one. */
export interface Segment {
  readonly runId: string;
  readonly shard: number;
  /** The shard workflow's own execution id: a second execution of the same shard never writes into the first one's segment. */
  readonly executionId: string;
  readonly number: number;
}

/** What `stageRows` returns; now in history, so that a repeat is recognised. */
export interface Receipt {
  readonly segment: Segment;
  /** Rows of the segment before this batch. */
  readonly offset: number;
  readonly rows: number;
  /** Stream name or staged part name. */
  readonly ref: string;
  /** SHA-256 of the staged bytes, hex. */
  readonly digest: string;
}

/** The answer for a segment whose staged rows are surely gone and were never visible: they have to be staged again in another. */
export interface LostSegment {
  readonly lost: true;
}

/** What `commitRows` returns of a segment that is visible. */
export interface CommitResult {
  /** Rows of this segment that are visible now. */
  readonly rows: number;
  /** Rows that an earlier execution of the shard had made visible already and that were therefore left out. */
  readonly alreadyVisible: number;
}

/** What every shard knows about the run: the whole state in one message; the highest `seq` wins. */
export interface ShardState {
  readonly seq: number;
  readonly gate: 'open' | 'closed';
  readonly reasons: readonly PauseReason[];
}

export interface ShardInput {
  readonly plan: RunPlan;
  readonly shard: number;
  /** The shard's window; a tail shard has one range per run of neighbouring rows. */
  readonly ranges: readonly RowRange[];
  /** What the rows of a tail shard have been through; empty in an ordinary shard. */
  readonly leftovers: readonly Leftover[];
  readonly state: ShardState;
}

/** How a shard ended. A cancelled shard completes with this too. */
export interface ShardResult {
  readonly shard: number;
  readonly tally: Tally;
  /** Rows without an outcome because the shard was cancelled: those in `leftovers` and `unread`. */
  readonly cancelled: number;
  /** Rows handed back because only waiting for retries was left, or because the shard was cancelled. */
  readonly leftovers: readonly Leftover[];
  /** Rows that a cancelled shard never came to. */
  readonly unread: readonly RowRange[];
  readonly segments: number;
}

/** What one row has been through so far. */
export interface RowCase {
  readonly row: number;
  /** Calls started, as far as is known. */
  readonly attempts: number;
  /** Calls that ended without any answer because their worker was lost or they timed out. */
  readonly lost: number;
  /** Whether it was asked again after an answer that could not be used. */
  readonly askedAgain: boolean;
  /** When the first failure happened, in ms since 1970: retry time is counted from there; null while there was none. */
  readonly firstFailedAtMs: number | null;
  /** What answers took that could not be used; left out while there was none. */
  readonly spent?: Spent;
}

/** A row that waits for a retry, handed from shard to shard. */
export interface Leftover extends RowCase {
  /** Not before this moment, in ms since 1970. */
  readonly notBeforeMs: number;
}

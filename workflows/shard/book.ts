import type { RowRange } from '../../contracts/asset.ts';
import { EMPTY_TALLY, type Outcome, type Tally } from '../../contracts/outcome.ts';
import type { Receipt, RowCase, ShardState } from '../../contracts/shard.ts';

export interface DelayedCase extends RowCase {
  readonly dueMs: number;
}

export interface OpenSegment {
  readonly number: number;
  readonly receipts: readonly Receipt[];
  /** What was staged so far, kept until it is visible: the store may lose it. */
  readonly outcomes: readonly Outcome[];
  readonly tally: Tally;
}

/** A batch, frozen once: repeated verbatim however often staging is tried. */
export interface Batch {
  readonly segment: number;
  readonly offset: number;
  readonly outcomes: readonly Outcome[];
}

/** Limits that the reducer needs; all come from the plan. */
export interface BookLimits {
  readonly assetsInFlight: number;
  readonly insertBatch: number;
  readonly leftoverAfterMs: number;
}

/**
 * Everything a shard knows, as plain data. A row is in exactly one place: unread, waiting, in flight, delayed, unstaged,
 * staging, in the open segment, or visible.
 */
export interface Book {
  readonly limits: BookLimits;
  /** True until the store has said which rows are visible already. */
  readonly opening: boolean;
  readonly unread: readonly RowRange[];
  readonly reading: boolean;
  readonly waiting: readonly RowCase[];
  readonly inFlight: ReadonlyMap<number, RowCase>;
  readonly delayed: ReadonlyMap<number, DelayedCase>;
  readonly unstaged: readonly Outcome[];
  readonly staging: Batch | null;
  readonly segment: OpenSegment;
  readonly committing: boolean;
  /** Segments that the store has lost. */
  readonly losses: number;
  /** The hourly timer fired: commit what is staged although the shard goes on. */
  readonly commitDue: boolean;
  /** Visible, from earlier executions of this shard too. */
  readonly visible: Tally;
  readonly seq: number;
  readonly gate: 'open' | 'closed';
  /** Whether the server holds our scheduled calls: `running-off` = it cannot, so they run off. */
  readonly hold: 'none' | 'asked' | 'running-off' | 'held';
  /** Holds asked for so far; tells the answer to an earlier one from the current one. */
  readonly holds: number;
  readonly cancelled: boolean;
  /** Armed when only rows that failed before are left; tells a stale alarm from the current one. */
  readonly starvation: number | null;
  readonly alarms: number;
  /** Only rows that failed before were left for too long: hand them back. */
  readonly givingUp: boolean;
}

export interface OpenBookInput {
  readonly limits: BookLimits;
  readonly ranges: readonly RowRange[];
  readonly state: ShardState;
}

export function openBook({ limits, ranges, state }: OpenBookInput): Book {
  return {
    limits,
    opening: true,
    unread: ranges,
    reading: false,
    waiting: [],
    inFlight: new Map(),
    delayed: new Map(),
    unstaged: [],
    staging: null,
    segment: emptySegment(0),
    committing: false,
    losses: 0,
    commitDue: false,
    visible: EMPTY_TALLY,
    seq: state.seq,
    gate: state.gate,
    hold: 'none',
    holds: 0,
    cancelled: false,
    starvation: null,
    alarms: 0,
    givingUp: false,
  };
}

export function emptySegment(number: number): OpenSegment {
  return { number, receipts: [], outcomes: [], tally: EMPTY_TALLY };
}

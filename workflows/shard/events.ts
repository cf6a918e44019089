import type { RowRange } from '../../contracts/asset.ts';
import type { Failure } from '../../contracts/failures.ts';
import type { Outcome, Spent, Tally } from '../../contracts/outcome.ts';
import type { Leftover, Receipt, ShardState } from '../../contracts/shard.ts';
import type { Batch, Book, OpenSegment } from './book.ts';

/** Why a call came back without an outcome. */
export type ReturnCause =
  /** A named failure that may be tried again. */
  | 'failure'
  /** Its worker died, or it timed out: whether it was paid is in doubt. */
  | 'lost'
  /** No worker of the lane took it, or the one that did stopped before it was its turn: it never started. */
  | 'not-started';

/** Rows whose assets were read. */
export interface Page {
  readonly rows: readonly number[];
  /** What is left to be read. */
  readonly rest: readonly RowRange[];
  readonly leftovers: readonly Leftover[];
  readonly nowMs: number;
}

/** What happens to a shard. */
export type ShardEvent =
  /** The store has said which rows of the window are visible already; `ranges` are the others. */
  | { readonly kind: 'opened'; readonly ranges: readonly RowRange[]; readonly visible: Tally; readonly page?: Page }
  | ({ readonly kind: 'page' } & Page)
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  | {
      readonly kind: 'returned';
      readonly row: number;
      readonly assetId: string;
      readonly model: string;
      readonly cause: ReturnCause;
      readonly failure: Failure;
      readonly calls: number;
      readonly waitMs: number | null;
      readonly spent?: Spent;
      readonly nowMs: number;
    }
  /** Called off because of a cancellation. */
  | { readonly kind: 'withdrawn'; readonly row: number }
  | { readonly kind: 'state'; readonly state: ShardState }
  | { readonly kind: 'held'; readonly hold: number; readonly supported: boolean }
  | { readonly kind: 'due'; readonly row: number }
  | { readonly kind: 'starved'; readonly alarm: number }
  | { readonly kind: 'commit-due'; readonly segment: number }
  | { readonly kind: 'staged'; readonly receipt: Receipt }
  | { readonly kind: 'committed'; readonly visible: Tally }
  /** The staged rows of a segment are gone, and were never visible. */
  | { readonly kind: 'lost'; readonly segment: number }
  | { readonly kind: 'cancel' };

/** What the workflow shall do next. */
export type ShardCommand =
  | { readonly kind: 'read'; readonly ranges: readonly RowRange[]; readonly maxRows: number }
  | { readonly kind: 'dispatch'; readonly row: number; readonly priorAttempts: number }
  | { readonly kind: 'delay'; readonly row: number; readonly waitMs: number }
  | { readonly kind: 'stage'; readonly batch: Batch }
  | { readonly kind: 'commit'; readonly segment: OpenSegment }
  | { readonly kind: 'arm-commit'; readonly segment: number }
  | { readonly kind: 'arm-starvation'; readonly alarm: number; readonly afterMs: number }
  | { readonly kind: 'hold'; readonly hold: number }
  | { readonly kind: 'release' }
  | { readonly kind: 'abort' }
  /** The shard, and with it the run, cannot go on. */
  | { readonly kind: 'fail'; readonly failure: Failure }
  /** The lane can do nothing more: the run has to pause. */
  | { readonly kind: 'stop-run'; readonly reason: 'quota' | 'credentials'; readonly why: string };

/** The book after an event, and what to do about it. */
export type Decision = readonly [Book, readonly ShardCommand[]];

import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Counts, Progress, PauseReason } from './run.ts';
import type { ProgressSample } from './rate.ts';
import type { ShardState } from './shard.ts';
import type { Tally } from './outcome.ts';

/** Names of the workflows, as a person types them after `--type`. */
export const WORKFLOWS = { analyzeRun: 'analyzeRun', analyzeShard: 'analyzeShard', analyzeOne: 'analyzeOne' } as const;

/** What a person may say with a signal; without anything the reason is `operator`. */
export interface PauseRequest {
  readonly reason?: PauseReason;
  /** Why, in a person's words; stands in the history of the run. */
  readonly note?: string;
}

export interface CancelRequest {
  /** Kept with the run. */
  readonly note?: string;
}

/** To a run: start nothing new, finish what is under way, make it visible, wait. Repeating it is harmless. */
export const pauseSignal = defineSignal<[PauseRequest?]>('pause');
/** To a run: clear the `operator` reason (or the named one) and go on when no other reason is left. */
export const resumeSignal = defineSignal<[PauseRequest?]>('resume');
/** To a run, for people who have only signals: makes Temporal's own cancellation request. */
export const cancelSignal = defineSignal<[CancelRequest?]>('cancel');
/** To a run: where it stands. */
export const progressQuery = defineQuery<Progress>('progress');

/** To a run: where it stands, and the reports that this was made of, so that a client can put fresher ones in their place. */
export const snapshotQuery = defineQuery<RunSnapshot>('snapshot');

export interface RunSnapshot {
  readonly progress: Progress;
  /** The shards that run now; null = it has not reported yet. */
  readonly open: readonly { readonly shard: number; readonly report: ShardReport | null }[];
  /** What the rate is measured from. */
  readonly samples: readonly ProgressSample[];
}

/** Parent to shard: the whole state; the highest `seq` wins, whatever the order of arrival. */
export const setStateSignal = defineSignal<[ShardState]>('setState');
/** Shard to parent: how far it is; the last one sent wins, whatever the order of arrival. */
export const shardReportSignal = defineSignal<[SentShardReport]>('shardReport');
/** To a shard: how far it is. */
export const shardReportQuery = defineQuery<ShardReport>('shardReport');

export interface ShardReport {
  readonly shard: number;
  /** The last state of the run that the shard has seen. */
  readonly seq: number;
  readonly tally: Tally;
  readonly inFlight: number;
  /** `held`: gate closed, nothing under way, everything staged is committed. */
  readonly gate: 'open' | 'closing' | 'held';
  /** Set when the server cannot hold scheduled calls, so that they run off during a pause. */
  readonly note?: string;
}

export interface SentShardReport extends ShardReport {
  /** Time of the server in ms, higher with each report of a shard: two signals sent in one task may change places. */
  readonly sentAtMs: number;
  /** The lane can do nothing more: the run has to pause. */
  readonly stop?: 'quota' | 'credentials';
  /** Why, in one sentence with the fix. */
  readonly stopWhy?: string;
}

/** Memo that shows the last known progress when no worker answers. */
export const PROGRESS_MEMO = 'sightline';

/** Sums that a client can rely on: see PROTOCOL 1. */
export function countsOf(tally: Tally, total: number, inFlight: number, cancelled: number): Counts {
  const { succeeded, not_visible, failed, blocked, skipped } = tally.counts;
  const settled = succeeded + not_visible + failed + blocked + skipped + cancelled;
  const flying = Math.max(0, Math.min(inFlight, total - settled));
  return {
    total,
    succeeded,
    not_visible,
    failed,
    blocked,
    skipped,
    cancelled,
    in_flight: flying,
    pending: Math.max(0, total - settled - flying),
    reused: tally.reused,
  };
}

/** Search attributes of a run, as they are registered in a namespace; shards carry only the first. */
export const SEARCH_ATTRIBUTES = {
  run: { name: 'SightlineRun', type: 'KEYWORD' },
  state: { name: 'SightlineState', type: 'KEYWORD' },
  done: { name: 'SightlineDone', type: 'INT' },
  failed: { name: 'SightlineFailed', type: 'INT' },
  spentUsd: { name: 'SightlineSpentUsd', type: 'DOUBLE' },
} as const;

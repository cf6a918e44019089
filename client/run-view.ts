import type { Progress, RunRecord, RunState } from '../contracts/run.ts';

/**
 * Who says so: `live` a worker, just now; `last_known` Temporal, because no worker answers or the run has ended; `record` the
 * store, because Temporal does not know the run any more, or no server answers.
 */
export type SeenIn = 'live' | 'last_known' | 'record';

/** Where a run stands, and how we know. */
export interface RunView extends Progress {
  readonly seenIn: SeenIn;
  /** True when the run may be further than this says: no worker answers, or no server. */
  readonly stale: boolean;
  /** ISO 8601; null while it goes on, or when nobody knows. */
  readonly endedAt: string | null;
}

/** Everything about one run. */
export interface RunDetails {
  readonly view: RunView;
  /** Null before it is written, and when it lies in another data folder. */
  readonly record: RunRecord | null;
  /** Files that hold its visible rows. */
  readonly files: readonly string[];
}

const END_STATES: readonly RunState[] = ['completed', 'cancelled', 'failed', 'terminated'];

/** Nothing changes any more. */
export function hasEnded(state: RunState): boolean {
  return END_STATES.includes(state);
}

/** Nothing new starts before somebody resumes it. */
export function isHeld(state: RunState): boolean {
  return state === 'paused' || state === 'pausing';
}

import { setTimeout as delay } from 'node:timers/promises';
import { addSample, estimateRate, type ProgressSample } from '../contracts/rate.ts';
import { doneCount } from '../contracts/run.ts';
import { NoTemporalServer } from './client-errors.ts';
import { hasEnded, type RunView } from './run-view.ts';

export interface WaitOptions {
  /** Ends the wait, never the run; the wait then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** After this long the wait returns where the run stands; 0 = at once. Default: no end. */
  readonly timeoutMs?: number;
  /** Called about once a second. */
  readonly onProgress?: (view: RunView) => void;
  /** Called when the Temporal server stops answering, and when it answers again. */
  readonly onConnection?: (state: 'lost' | 'back') => void;
  /** Ends the wait early, for example when the run pauses. */
  readonly until?: (view: RunView) => boolean;
}

/** The first looks come sooner: small runs and bad requests end within a moment. */
const FIRST_LOOK_MS = 150;
const LOOK_EVERY_MS = 1_000;
/** Each open shard is asked too: many of them make each look dearer. */
const PER_SHARD_MS = 60;

/**
 * Looks again and again until the run has ended, `until` holds, or the time is over; the state of what it returns says which.
 * A server that goes away is waited for once it has answered.
 */
export async function waitForRun(look: () => Promise<RunView>, options: WaitOptions = {}): Promise<RunView> {
  const deadlineMs = options.timeoutMs === undefined ? Infinity : Date.now() + options.timeoutMs;
  const pace = createPace();
  let view: RunView | undefined;
  let lost = false;
  for (let everyMs = FIRST_LOOK_MS; ; everyMs = Math.min(everyMs * 1.5, LOOK_EVERY_MS)) {
    options.signal?.throwIfAborted();
    try {
      view = pace(await look());
      if (lost) options.onConnection?.('back');
      lost = false;
      options.onProgress?.(view);
    } catch (error) {
      if (!(error instanceof NoTemporalServer) || !view) throw error;
      if (!lost) options.onConnection?.('lost');
      lost = true;
    }
    if (!lost && (hasEnded(view.state) || options.until?.(view))) return view;
    const leftMs = deadlineMs - Date.now();
    if (leftMs <= 0) return view;
    await pause(Math.min(leftMs, everyMs + view.shards.running * PER_SHARD_MS), options.signal);
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** A run measures its rate when shards report; who looks every second can say something sooner. */
function createPace(): (view: RunView) => RunView {
  let samples: readonly ProgressSample[] = [];
  return (view) => {
    if (view.state !== 'running' || view.stale) {
      samples = [];
      return view;
    }
    const nowMs = Date.now();
    const done = doneCount(view.counts);
    samples = addSample(samples, { atMs: nowMs, done });
    if (view.ratePerMinute !== null) return view;
    const left = view.counts.pending + view.counts.in_flight;
    return left === 0 ? view : { ...view, ...estimateRate(samples, left, nowMs) };
  };
}

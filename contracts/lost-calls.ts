import type { Spent } from './outcome.ts';

/** Type of the failure with which a new worker hands back the calls of a dead one. */
export const WORKER_LOST = 'WorkerLost';

/** Never retried by Temporal: whether such a call was paid is in doubt, so the shard decides. */
export const LOST_FAILURE_TYPES = [WORKER_LOST, 'TemporalTimeout:Heartbeat', 'TemporalTimeout:StartToClose'] as const;

/** First detail of a failure thrown by `analyzeAsset`. */
export interface CallDetail {
  /** Calls started under this dispatch. */
  readonly calls: number;
  /** False: handed back before another began, so that nothing is in doubt. */
  readonly begun?: false;
  /** The wait that the model named, in ms. */
  readonly waitMs: number | null;
  /** What was paid for an answer that cannot be used; left out when there was none. */
  readonly spent?: Spent;
}

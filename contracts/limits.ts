import type { Limits } from './run.ts';

export interface LimitRule {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: 'assets' | 'shards' | 'outcomes' | 'ms';
  readonly description: string;
}

/** The one table of run limits: defaults, bounds, command-line flags and validation are derived from it. */
export const LIMITS = {
  shardSize: {
    default: 250,
    min: 1,
    max: 500,
    unit: 'assets',
    description: 'Assets per shard. A worker that takes over replays the shard: more assets, longer replay.',
  },
  shardsInFlight: {
    default: 8,
    min: 1,
    max: 64,
    unit: 'shards',
    description: 'Shards that run at once.',
  },
  assetsInFlight: {
    default: 50,
    min: 1,
    max: 50,
    unit: 'assets',
    description:
      'Calls in flight per shard. More than 50 would overflow the event buffer of the server after a restart.',
  },
  insertBatch: {
    default: 250,
    min: 1,
    max: 500,
    unit: 'outcomes',
    description:
      'Outcomes that are written at once. Rows are seen when their shard ends, so fewer only cost more steps.',
  },
  leftoverAfterMs: {
    default: 60_000,
    min: 100,
    max: 3_600_000,
    unit: 'ms',
    description: 'A shard in which only failed assets wait to be tried again hands them back after this long.',
  },
} as const satisfies Record<keyof Limits, LimitRule>;

export const DEFAULT_LIMITS: Limits = {
  shardSize: LIMITS.shardSize.default,
  shardsInFlight: LIMITS.shardsInFlight.default,
  assetsInFlight: LIMITS.assetsInFlight.default,
  insertBatch: LIMITS.insertBatch.default,
  leftoverAfterMs: LIMITS.leftoverAfterMs.default,
};

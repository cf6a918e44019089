/** Beyond this many, shards that have no call here are forgotten. */
const MOST_SHARDS = 200;

export interface ShardCall {
  /** Workflow id of the shard. */
  readonly shardId: string;
  readonly activityId: string;
}

/** The calls that have reached this process and are under way, by shard. */
export interface CallsHere {
  add(call: ShardCall): void;
  remove(call: ShardCall): void;
  has(call: ShardCall): boolean;
  /** Those with calls here, and those that had some lately. */
  shardIds(): readonly string[];
}

export function createCallsHere(): CallsHere {
  const byShard = new Map<string, Set<string>>();
  return {
    add({ shardId, activityId }) {
      const calls = byShard.get(shardId) ?? new Set();
      byShard.set(shardId, calls.add(activityId));
    },
    remove({ shardId, activityId }) {
      const calls = byShard.get(shardId);
      calls?.delete(activityId);
      if (calls?.size === 0 && byShard.size > MOST_SHARDS) byShard.delete(shardId);
    },
    has: ({ shardId, activityId }) => byShard.get(shardId)?.has(activityId) === true,
    shardIds: () => [...byShard.keys()],
  };
}

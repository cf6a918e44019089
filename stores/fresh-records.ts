import pLimit from 'p-limit';
import { listLogs, readLogBetween } from './commit-log.ts';
import type { CommitRecord } from './commit-log.ts';
import type { Documents } from './write-once.ts';

export interface FreshRecords {
  /** In the order of shards. */
  readonly records: readonly CommitRecord[];
  /** The highest record of each shard that was taken into account. */
  readonly highest: ReadonlyMap<number, number>;
}

/** The commit records of all shards that come after those that were absorbed: the highest of each shard, by shard. */
export async function readFreshRecords(
  commits: Documents,
  absorbed: ReadonlyMap<number, number>,
): Promise<FreshRecords> {
  const highest = await listLogs(commits);
  const logsAtOnce = pLimit(16);
  const logs = await Promise.all(
    [...highest]
      .toSorted(([a], [b]) => a - b)
      .map(([shard, last]) => [shard, (absorbed.get(shard) ?? 0) + 1, last] as const)
      .filter(([, first, last]) => first <= last)
      .map(([shard, first, last]) => logsAtOnce(() => readLogBetween(commits, shard, first, last))),
  );
  return { records: logs.flat(), highest };
}

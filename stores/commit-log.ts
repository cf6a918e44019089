import { shardName } from '../contracts/ids.ts';
import type { RowRange } from '../contracts/asset.ts';
import { EMPTY_TALLY, addTallies } from '../contracts/outcome.ts';
import type { Tally } from '../contracts/outcome.ts';
import { StoreMismatchError } from './ports.ts';
import type { VisibleRows } from './ports.ts';
import { rowsOf, toRanges } from './row-ranges.ts';
import type { Documents, WriteOnce } from './write-once.ts';

/** One entry of a shard's log: what became visible with it. Never changes, never goes away. */
export interface CommitRecord {
  /** Name of the segment; null for a seal, which makes nothing visible and only takes its number. */
  readonly segment: string | null;
  /** Its name among the parts; null when no row was left to be added. */
  readonly part: string | null;
  /** Of the rows as they were staged: what they take in memory, whatever they take on disk. */
  readonly sizeBytes: number;
  readonly rows: readonly RowRange[];
  readonly rowCount: number;
  /** Rows of the segment that were visible before and were left out. */
  readonly alreadyVisible: number;
  /** Over exactly the rows of the part. */
  readonly tally: Tally;
  /** SHA-256 over the digests of the segment's receipts. */
  readonly digest: string;
}

/** All entries of a shard's log, in order; entry i has number i + 1. */
export async function readLog(commits: Documents, shard: number): Promise<readonly CommitRecord[]> {
  const records: CommitRecord[] = [];
  for (;;) {
    const record = await readRecord(commits, shard, records.length + 1);
    if (record === undefined) return records;
    records.push(record);
  }
}

/** What all entries of a shard's log have made visible. */
export async function visibleInLog(commits: Documents, shard: number): Promise<VisibleRows> {
  const log = await readLog(commits, shard);
  return {
    rows: toRanges(log.flatMap((record) => [...rowsOf(record.rows)])),
    tally: log.reduce((sum, record) => addTallies(sum, record.tally), EMPTY_TALLY),
  };
}

/** The entries of a shard's log from one number to another, both included. */
export async function readLogBetween(
  commits: Documents,
  shard: number,
  first: number,
  last: number,
): Promise<readonly CommitRecord[]> {
  const records: CommitRecord[] = [];
  for (let number = first; number <= last; number++) {
    const record = await readRecord(commits, shard, number);
    if (record === undefined)
      throw new StoreMismatchError(`Commit record ${commits.pathOf(recordName(shard, number))} is missing.`);
    records.push(record);
  }
  return records;
}

/** Appends an entry; false when somebody else has taken the number: then the log has to be read again. */
export async function appendRecord(
  commits: WriteOnce,
  shard: number,
  number: number,
  record: CommitRecord,
): Promise<boolean> {
  return commits.createOnce('commit record', recordName(shard, number), JSON.stringify(record));
}

/** The highest number of each shard's log, by shard. */
export async function listLogs(commits: Documents): Promise<ReadonlyMap<number, number>> {
  const highest = new Map<number, number>();
  for (const name of await commits.names()) {
    const match = /^shard-(\d+)\.(\d+)\.json$/.exec(name);
    if (!match) continue;
    const [shard, number] = [Number(match[1]), Number(match[2])];
    highest.set(shard, Math.max(number, highest.get(shard) ?? 0));
  }
  return highest;
}

async function readRecord(commits: Documents, shard: number, number: number): Promise<CommitRecord | undefined> {
  const name = recordName(shard, number);
  const bytes = await commits.read(name);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(bytes.toString()) as CommitRecord;
  } catch (cause) {
    throw new StoreMismatchError(`Commit record ${commits.pathOf(name)} is damaged.`, { cause });
  }
}

function recordName(shard: number, number: number): string {
  return `${shardName(shard)}.${String(number).padStart(4, '0')}.json`;
}

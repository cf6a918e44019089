import type { CommitResult, Receipt, Segment } from '../contracts/shard.ts';
import { appendRecord, readLog } from './commit-log.ts';
import type { CommitRecord } from './commit-log.ts';
import { StoreMismatchError } from './ports.ts';
import { countRows, rowsOf, toRanges } from './row-ranges.ts';
import { segmentName } from './run-place.ts';
import { readStagedSegment, receiptsDigest } from './staged-batch.ts';
import type { StagedSegment } from './staged-batch.ts';
import { tallyRows } from './tally-rows.ts';
import type { CountedRow } from './tally-rows.ts';
import type { Documents, WriteOnce } from './write-once.ts';

/** What a store that keeps a log of commits brings. */
export interface CommitDesk {
  readonly commits: WriteOnce;
  readonly staged: Documents;
  /** Keeps those rows of a segment that nobody has made visible as a part of its own; its name. */
  writePart(staged: StagedSegment, fresh: readonly CountedRow[]): Promise<string>;
  /** Removes a part that no record names. */
  removePart(part: string): Promise<void>;
}

/**
 * Makes a segment visible by appending one record to its shard's log. Each number of the log is taken once, and whoever
 * takes it has seen every record before it: so no row becomes visible twice, however many commit at the same time.
 */
export async function commitOnce(
  desk: CommitDesk,
  segment: Segment,
  receipts: readonly Receipt[],
): Promise<CommitResult> {
  if (receipts.length === 0) return { rows: 0, alreadyVisible: 0 };
  const digest = receiptsDigest(receipts);
  let staged: StagedSegment | undefined;
  for (;;) {
    const log = await readLog(desk.commits, segment.shard);
    const earlier = log.find((record) => record.segment === segmentName(segment));
    if (earlier) return repeated(earlier, segment, digest);
    staged ??= await readStagedSegment(desk.staged, segment, receipts);
    const visible = new Set(log.flatMap((record) => [...rowsOf(record.rows)]));
    const fresh = staged.rows.filter((row) => !visible.has(row.row_number));
    const part = fresh.length === 0 ? null : await desk.writePart(staged, fresh);
    const record: CommitRecord = {
      segment: segmentName(segment),
      part,
      sizeBytes: Math.round((staged.sizeBytes * fresh.length) / Math.max(1, staged.rows.length)),
      rows: toRanges(fresh.map((row) => row.row_number)),
      rowCount: fresh.length,
      alreadyVisible: staged.rows.length - fresh.length,
      tally: tallyRows(fresh),
      digest,
    };
    if (await appendRecord(desk.commits, segment.shard, log.length + 1, record)) return resultOf(record);
    // Not needed by anybody: the name was never in a record.
    if (part) await desk.removePart(part);
  }
}

function repeated(record: CommitRecord, segment: Segment, digest: string): CommitResult {
  if (record.digest !== digest) {
    throw new StoreMismatchError(`${segmentName(segment)} is visible already, with other batches than these.`);
  }
  return resultOf(record);
}

function resultOf(record: CommitRecord): CommitResult {
  return { rows: countRows(record.rows), alreadyVisible: record.alreadyVisible };
}

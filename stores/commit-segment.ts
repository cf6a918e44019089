import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { PromptField } from '../contracts/prompt.ts';
import type { CommitResult, Receipt, Segment } from '../contracts/shard.ts';
import { appendRecord, readLog } from './commit-log.ts';
import type { CommitRecord } from './commit-log.ts';
import { fileList, literal, runSql } from './duckdb.ts';
import { temporaryBeside } from './durable-files.ts';
import type { DurableFiles } from './durable-files.ts';
import { StoreMismatchError } from './ports.ts';
import { readJsonCall, resultColumns } from './result-columns.ts';
import { countRows, rowsOf, toRanges } from './row-ranges.ts';
import { segmentName } from './run-place.ts';
import type { PlacePaths } from './run-place.ts';
import { readStagedSegment, receiptsDigest } from './staged-batch.ts';
import type { StagedSegment } from './staged-batch.ts';
import { tallyRows } from './tally-rows.ts';
import type { CountedRow } from './tally-rows.ts';

/**
 * Makes a segment visible by appending one record to its shard's log. Each number of the log is taken once, and whoever
 * takes it has seen every record before it: so no row becomes visible twice, however many commit at the same time.
 */
export async function commitSegment(
  files: DurableFiles,
  paths: PlacePaths,
  fields: readonly PromptField[],
  segment: Segment,
  receipts: readonly Receipt[],
): Promise<CommitResult> {
  if (receipts.length === 0) return { rows: 0, alreadyVisible: 0 };
  const digest = receiptsDigest(receipts);
  let staged: StagedSegment | undefined;
  for (;;) {
    const log = await readLog(paths.commits, segment.shard);
    const earlier = log.find((record) => record.segment === segmentName(segment));
    if (earlier) return repeated(earlier, segment, digest);
    staged ??= await readStagedSegment(paths.staged, segment, receipts);
    const visible = new Set(log.flatMap((record) => [...rowsOf(record.rows)]));
    const fresh = staged.rows.filter((row) => !visible.has(row.row_number));
    const part = fresh.length === 0 ? null : await writePart(files, paths, fields, segment, staged, fresh);
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
    if (await appendRecord(files, paths.commits, segment.shard, log.length + 1, record)) return resultOf(record);
    // Not needed by anybody: the name was never in a record.
    if (part) await files.remove('part in vain', [join(paths.parts, part)]);
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

async function writePart(
  files: DurableFiles,
  paths: PlacePaths,
  fields: readonly PromptField[],
  segment: Segment,
  staged: StagedSegment,
  fresh: readonly CountedRow[],
): Promise<string> {
  const name = `${segmentName(segment)}.${randomBytes(5).toString('hex')}.parquet`;
  const path = join(paths.parts, name);
  const temporary = temporaryBeside(path);
  const columns = resultColumns(fields);
  const source = readJsonCall(fileList(staged.paths), columns, staged.maxLineBytes);
  const all = fresh.length === staged.rows.length;
  const filter = all ? '' : ` WHERE row_number IN (${fresh.map((row) => row.row_number).join(', ')})`;
  const written = await files.fill('part', temporary, () =>
    runSql(`COPY (SELECT * FROM ${source}${filter}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd)`),
  );
  if (written !== fresh.length) {
    await files.remove('part in vain', [temporary]);
    throw new StoreMismatchError(`The part ${path} took ${written} rows instead of ${fresh.length}.`);
  }
  if (await files.publishOnce('part', temporary, path)) return name;
  return writePart(files, paths, fields, segment, staged, fresh);
}

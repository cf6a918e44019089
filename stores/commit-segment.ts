import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { PromptField } from '../contracts/prompt.ts';
import type { CommitResult, Receipt, Segment } from '../contracts/shard.ts';
import { commitOnce } from './commit-once.ts';
import { fileList, literal, runSql } from './duckdb.ts';
import { temporaryBeside } from './durable-files.ts';
import type { DurableFiles } from './durable-files.ts';
import { StoreMismatchError } from './ports.ts';
import { readJsonCall, resultColumns } from './result-columns.ts';
import { segmentName } from './run-place.ts';
import type { PlacePaths } from './run-place.ts';
import type { StagedSegment } from './staged-batch.ts';
import type { CountedRow } from './tally-rows.ts';
import { documentsIn, writeOnceIn } from './write-once.ts';

/** Makes a segment visible as one Parquet file. */
export function commitSegment(
  files: DurableFiles,
  paths: PlacePaths,
  fields: readonly PromptField[],
  segment: Segment,
  receipts: readonly Receipt[],
): Promise<CommitResult> {
  const desk = {
    commits: writeOnceIn(paths.commits, files),
    staged: documentsIn(paths.staged),
    writePart: (staged: StagedSegment, fresh: readonly CountedRow[]) =>
      writePart(files, paths, fields, segment, staged, fresh),
    removePart: (part: string) => files.remove('part in vain', [join(paths.parts, part)]),
  };
  return commitOnce(desk, segment, receipts);
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
  const batches = fileList(staged.names.map((batch) => join(paths.staged, batch)));
  const source = readJsonCall(batches, columns, staged.maxLineBytes);
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

import { open, readFile } from 'node:fs/promises';
import type { Sightline } from '../../client/main.ts';
import { createDurableFiles } from '../../stores/durable-files.ts';
import { StoreUnavailableError } from '../../stores/ports.ts';
import { usageError } from '../cli-error.ts';
import type { ReportData } from './report-data.ts';
import { reportMark, reportPage } from './report-page.ts';
import { readReport } from './read-report.ts';

export interface WrittenReport {
  readonly data: ReportData;
  readonly path: string;
  readonly sizeBytes: number;
}

export interface WriteOptions {
  /** Absolute. */
  readonly path: string;
  /** Replaces a file of any kind. Default: only an earlier report of the same run. */
  readonly force?: boolean;
}

/** Writes the report of a run, all of it or nothing. Throws a usage error where it must not or cannot be written. */
export async function writeReport(
  sightline: Sightline,
  runId: string,
  { path, force = false }: WriteOptions,
): Promise<WrittenReport> {
  await checkPlace(path, runId, force);
  const data = await readReport(sightline, runId);
  const page = reportPage(data, await readFile(new URL('report.css', import.meta.url), 'utf8'));
  try {
    await createDurableFiles().replace('report', path, page);
  } catch (cause) {
    if (!(cause instanceof StoreUnavailableError)) throw cause;
    throw usageError(`The report cannot be written: ${cause.message}`, 'Choose another file with -o.');
  }
  return { data, path, sizeBytes: Buffer.byteLength(page) };
}

const HEAD_BYTES = 1_000;

async function checkPlace(path: string, runId: string, force: boolean): Promise<void> {
  const head = await readHead(path);
  if (head === null || force || head.includes(reportMark(runId).html)) return;
  throw usageError(
    `${path} exists and is not a report of ${runId}.`,
    'Choose another file with -o, or replace it with --force.',
  );
}

/** The beginning of a file; null when there is none. */
async function readHead(path: string): Promise<string | null> {
  try {
    await using file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EISDIR') throw usageError(`${path} is a folder.`, 'Name a file with -o.');
    throw usageError(`${path} cannot be read (${String(code)}).`, 'Choose another file with -o.');
  }
}

import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceSpec } from '../contracts/source.ts';
import type { CliContext } from './cli-context.ts';
import { usageError } from './cli-error.ts';
import { settingsOf } from './open-worker.ts';

const ENDINGS = { csv: '.csv', jsonl: '.jsonl', parquet: '.parquet', list: '.txt' } as const;

/**
 * Keeps standard input as a file of the data folder, named by its content, because a run outlives the pipe. Without a format,
 * lines of JSON objects are JSON Lines and everything else is a list. Relative image paths start at the working folder.
 */
export async function keepStdin(context: CliContext, format: SourceSpec['kind'] | undefined): Promise<SourceSpec> {
  const { io } = context;
  if (format === 'folder') throw usageError('A folder cannot come through standard input.', 'Name the folder itself.');
  if (format === 'bigquery')
    throw usageError(
      'A table of BigQuery cannot come through standard input.',
      'Name the table itself: bq://PROJECT.DATASET.TABLE.',
    );
  if (io.stdin.isTerminal) {
    throw usageError(
      'Standard input is a terminal.',
      `Pipe a list of images into it: find photos -name '*.jpg' | ${context.command('runs start -')}`,
    );
  }
  const folder = join(settingsOf(context).dataDir, 'inputs');
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `${randomBytes(6).toString('hex')}.tmp`);
  try {
    const { digest, start } = await copy(io.stdin.chunks(), temporary);
    if (start.trim() === '')
      throw usageError('Standard input is empty.', 'Write one image path or address per line into it.');
    const kind = format ?? (/^\uFEFF?\s*\{/.test(start) ? 'jsonl' : 'list');
    const path = join(folder, `${digest.slice(0, 32)}${ENDINGS[kind]}`);
    await rename(temporary, path);
    return { kind, path, base: io.workingDir };
  } finally {
    await rm(temporary, { force: true });
  }
}

const START_BYTES = 4_096;

async function copy(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
): Promise<{ readonly digest: string; readonly start: string }> {
  const hash = createHash('sha256');
  let start = Buffer.alloc(0);
  await using file = await open(path, 'wx');
  for await (const chunk of chunks) {
    hash.update(chunk);
    if (start.length < START_BYTES) start = Buffer.concat([start, chunk]);
    await file.appendFile(chunk);
  }
  await file.sync();
  return { digest: hash.digest('hex'), start: start.toString('utf8') };
}

import { fstatSync, readSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface ServerLog {
  /** For the child's standard output and error. */
  readonly fd: number;
  /** What was written since the log was opened, at most the last 4 KB. */
  tail(): string;
  /** Whether what was written since the log was opened has one of these texts; to be asked before the log is closed. */
  saysAny(texts: readonly string[]): boolean;
  close(): void;
}

const TAIL_BYTES = 4096;
const PIECE_BYTES = 65_536;

/** Opens a log that a child writes to by itself; without a name it is a file that no folder shows. */
export async function openServerLog(logFile: string | undefined): Promise<ServerLog> {
  const file = await (logFile === undefined ? openNameless() : openNamed(logFile));
  const fd = file.fd;
  const start = fstatSync(fd).size;
  let rest: string | undefined;
  return {
    fd,
    tail: () => rest ?? readTail(fd, start),
    saysAny: (texts) => findAny(fd, start, texts),
    close: () => {
      if (rest !== undefined) return;
      rest = readTail(fd, start);
      void file.close();
    },
  };
}

async function openNamed(logFile: string): Promise<FileHandle> {
  await mkdir(dirname(logFile), { recursive: true });
  return open(logFile, 'a+');
}

async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-server-'));
  try {
    return await open(join(folder, 'log'), 'a+');
  } finally {
    await rm(folder, { recursive: true });
  }
}

function readTail(fd: number, start: number): string {
  const end = fstatSync(fd).size;
  const from = Math.max(start, end - TAIL_BYTES);
  const bytes = Buffer.alloc(end - from);
  const count = readSync(fd, bytes, 0, bytes.length, from);
  return bytes.toString('utf8', 0, count).trim();
}

/** Reads piece by piece, because a log may be large; each piece begins with the end of the one before. */
function findAny(fd: number, start: number, texts: readonly string[]): boolean {
  const wanted = texts.map((text) => Buffer.from(text));
  const overlap = Math.max(0, ...wanted.map(({ length }) => length - 1));
  const piece = Buffer.alloc(overlap + PIECE_BYTES);
  let kept = 0;
  for (let from = start; ;) {
    const count = readSync(fd, piece, kept, PIECE_BYTES, from);
    if (count === 0) return false;
    const read = piece.subarray(0, kept + count);
    if (wanted.some((text) => read.includes(text))) return true;
    from += count;
    kept = Math.min(overlap, read.length);
    piece.copyWithin(0, read.length - kept, read.length);
  }
}

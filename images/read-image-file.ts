import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { failed, ok, type FailureName, type Result } from '../contracts/failures.ts';
import type { ReadOptions } from './ports.ts';
import { tooManyBytes } from './too-many-bytes.ts';

/**
 * Reads a regular file of at most `maxBytes`. The size is checked before and while reading, because a file may grow.
 * Folders, pipes and devices are refused without reading them.
 */
export async function readImageFile(
  path: string,
  { maxBytes, claim }: Pick<ReadOptions, 'maxBytes' | 'claim'>,
): Promise<Result<Buffer>> {
  const found = await look(path, maxBytes);
  if (!found.ok) return found;
  await claim.reserve(found.value);
  try {
    // Non-blocking: a pipe that took the file's place since `stat` would hold an ordinary open for ever.
    await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const opened = await handle.stat();
    const refusedNow = refuseByStat(path, opened, maxBytes);
    if (refusedNow) return refusedNow;
    return await readAll(path, handle, opened.size, maxBytes);
  } catch (error) {
    return failureOfRead(path, error);
  }
}

type Refusal = ReturnType<typeof failed>;

/** The size of a file that may be read, in bytes. */
async function look(path: string, maxBytes: number): Promise<Result<number>> {
  try {
    const stats = await stat(path);
    return refuseByStat(path, stats, maxBytes) ?? ok(stats.size);
  } catch (error) {
    return failureOfRead(path, error);
  }
}

function refuseByStat(
  path: string,
  stats: { isFile(): boolean; isDirectory(): boolean; size: number },
  maxBytes: number,
): Refusal | null {
  if (stats.isDirectory()) return failed('ImageUnreadable', `${path} is a folder, not an image file`);
  if (!stats.isFile()) return failed('ImageUnreadable', `${path} is a pipe, socket or device, not an image file`);
  return stats.size > maxBytes ? tooManyBytes(path, stats.size, maxBytes) : null;
}

async function readAll(path: string, handle: FileHandle, sizeBytes: number, maxBytes: number): Promise<Result<Buffer>> {
  let buffer = Buffer.allocUnsafe(sizeBytes + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
    if (length > maxBytes) return tooManyBytes(path, length, maxBytes);
    if (length === buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(length * 2 + 65_536, maxBytes + 1));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
  }
  return length === 0 ? failed('ImageUnreadable', `${path} is empty`) : ok(buffer.subarray(0, length));
}

const READ_FAILURES: Readonly<Record<string, readonly [FailureName, string]>> = {
  ENOENT: ['ImageMissing', 'does not exist'],
  ENOTDIR: ['ImageMissing', 'does not exist: a part of its path is not a folder'],
  ELOOP: ['ImageMissing', 'does not exist: its links lead in a circle'],
  ENAMETOOLONG: ['ImageMissing', 'does not exist: its name is too long'],
  ERR_INVALID_ARG_VALUE: ['ImageMissing', 'does not exist: its path holds a zero byte'],
  EACCES: ['ImageForbidden', 'may not be read'],
  EPERM: ['ImageForbidden', 'may not be read'],
  ENXIO: ['ImageUnreadable', 'is a pipe, socket or device, not an image file'],
  EISDIR: ['ImageUnreadable', 'is a folder, not an image file'],
};

/** A disk or network share that fails, or too many open files, may go away by itself: `FetchFailed` is tried again. */
function failureOfRead(path: string, error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = READ_FAILURES[code];
  if (known) return failed(known[0], `${path} ${known[1]}`);
  if (/^E[A-Z0-9]+$/.test(code)) return failed('FetchFailed', `${path} cannot be read just now (${code})`);
  throw new Error(`Reading ${path} went wrong`, { cause: error });
}

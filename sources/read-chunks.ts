import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { sourceErrorOf } from './source-error-of.ts';
import { SourceError } from './ports.ts';

/** Small, because often only the start of a file is wanted. */
const CHUNK_BYTES = 65_536;
const SCAN_BYTES = 1_048_576;

/** The bytes of a file, piece by piece. Throws `SourceError` for what is not there, no regular file, or cannot be read. */
export async function* readChunks(path: string): AsyncIterable<Buffer> {
  await refuseOthers(path);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      if (chunk instanceof Buffer) yield chunk;
    }
  } catch (error) {
    throw sourceErrorOf(path, 'file', error);
  }
}

/**
 * The same for whoever only looks at all of a file: twice as fast, because every piece lies in the same memory. It is good
 * until the next one is asked for.
 */
export async function* scanChunks(path: string): AsyncIterable<Buffer> {
  await refuseOthers(path);
  try {
    await using file = await open(path);
    const chunk = Buffer.allocUnsafe(SCAN_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, SCAN_BYTES);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } catch (error) {
    throw sourceErrorOf(path, 'file', error);
  }
}

async function refuseOthers(path: string): Promise<void> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory())
      throw new SourceError('InvalidRequest', `${path} is a folder, not a file; name a file in it`);
    if (!stats.isFile())
      throw new SourceError('InvalidRequest', `${path} is a pipe or device; a source must be a file`);
  } catch (error) {
    throw sourceErrorOf(path, 'file', error);
  }
}

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { sourceErrorOf } from './source-error-of.ts';
import { SourceError } from './ports.ts';

/** Small, because often only the start of a file is wanted. */
const CHUNK_BYTES = 65_536;

/** The bytes of a file, piece by piece. Throws `SourceError` for what is not there, no regular file, or cannot be read. */
export async function* readChunks(path: string, chunkBytes = CHUNK_BYTES): AsyncIterable<Buffer> {
  await refuseOthers(path);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
      if (chunk instanceof Buffer) yield chunk;
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

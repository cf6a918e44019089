import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { failed, ok } from '../contracts/failures.ts';
import { readIfThere } from './durable-files.ts';
import type { DurableFiles } from './durable-files.ts';
import { StoreMismatchError, StoreUnavailableError } from './ports.ts';
import type { BlobStore } from './ports.ts';

/** Blobs as files named by the SHA-256 of their JSON. */
export function createFileBlobStore(files: DurableFiles, folder: string): BlobStore {
  const blobPath = (ref: string): string => join(folder, ref.slice(0, 2), `${ref}.json`);

  return {
    async put(value, maxBytes) {
      const json = JSON.stringify(value);
      if (json === undefined) throw new TypeError('A blob must be a JSON value.');
      const bytes = Buffer.from(json);
      if (bytes.length > maxBytes) {
        return failed('AnswerTooLarge', `The document has ${bytes.length} bytes; at most ${maxBytes} may be kept.`);
      }
      const ref = sha256(bytes);
      await files.createOnce('blob', blobPath(ref), bytes);
      return ok(ref);
    },

    async get(ref) {
      if (!/^[0-9a-f]{64}$/.test(ref)) throw new StoreMismatchError(`${JSON.stringify(ref)} is no name of a blob.`);
      const bytes = await readIfThere(blobPath(ref));
      if (bytes === undefined) {
        throw new StoreUnavailableError(
          `${blobPath(ref)} is not there. All workers of a run need the same data folder: set SIGHTLINE_DATA_DIR.`,
        );
      }
      if (sha256(bytes) !== ref) throw new StoreMismatchError(`The blob ${blobPath(ref)} is damaged.`);
      return JSON.parse(bytes.toString()) as unknown;
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

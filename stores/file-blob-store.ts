import { join } from 'node:path';
import { ok } from '../contracts/failures.ts';
import { checkBlobName, nameBlob, openBlob } from './blob-name.ts';
import { readIfThere } from './durable-files.ts';
import type { DurableFiles } from './durable-files.ts';
import { StoreUnavailableError } from './ports.ts';
import type { BlobStore } from './ports.ts';

/** Blobs as files named by the SHA-256 of their JSON. */
export function createFileBlobStore(files: DurableFiles, folder: string): BlobStore {
  const blobPath = (ref: string): string => join(folder, ref.slice(0, 2), `${ref}.json`);

  return {
    async put(value, maxBytes) {
      const named = nameBlob(value, maxBytes);
      if (!named.ok) return named;
      const { ref, bytes } = named.value;
      await files.createOnce('blob', blobPath(ref), bytes);
      return ok(ref);
    },

    async get(ref) {
      checkBlobName(ref);
      const bytes = await readIfThere(blobPath(ref));
      if (bytes === undefined) {
        throw new StoreUnavailableError(
          `${blobPath(ref)} is not there. All workers of a run need the same data folder: set SIGHTLINE_DATA_DIR.`,
        );
      }
      return openBlob(blobPath(ref), { ref, bytes });
    },
  };
}

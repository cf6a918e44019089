import { ok } from '../../contracts/failures.ts';
import type { StoreMode } from '../../contracts/run.ts';
import { checkBlobName, nameBlob, openBlob } from '../blob-name.ts';
import { StoreUnavailableError } from '../ports.ts';
import type { BlobStore } from '../ports.ts';
import { appendRows } from './append-rows.ts';
import type { StoreDataset } from './dataset.ts';
import { RPC, calling, codeOf, isNotFound } from './google-errors.ts';
import { BLOBS, BLOB_TABLE } from './own-tables.ts';
import { protoDescriptor } from './proto-descriptor.ts';
import { smallTable } from './small-table.ts';

/** Blobs as rows named by the SHA-256 of their JSON. The same row may be there twice: its name says that both are equal. */
export function createBigQueryBlobStore(store: StoreDataset, mode: StoreMode): BlobStore {
  const table = store.quoted(BLOB_TABLE);
  const { ready, rows } = smallTable(store, BLOBS);

  async function find(ref: string): Promise<string | undefined> {
    const [row] = await rows(`SELECT document FROM ${table} WHERE name = @name LIMIT 1`, { name: ref });
    return row && String(row['document']);
  }

  async function insert(name: string, document: string): Promise<void> {
    await store.query(`INSERT INTO ${table} (name, document) VALUES (@name, @document)`, { name, document });
  }

  async function append(name: string, document: string): Promise<void> {
    const stream = `${store.path(BLOB_TABLE)}/streams/_default`;
    const row = { row: { name, document }, size: document.length * 3 };
    await appendRows(store.connection.writer(), stream, protoDescriptor(BLOBS.columns), null, [row]).catch(
      async (error: unknown) => {
        // The Storage Write API does not know a new table for a while, and not everybody may use it; statements do.
        const { cause } = error as Error;
        if (!isNotFound(cause) && codeOf(cause) !== RPC.permissionDenied) throw error;
        await insert(name, document);
      },
    );
  }

  async function add(name: string, document: string): Promise<void> {
    await ready();
    await (mode === 'load' ? insert(name, document) : append(name, document));
  }

  return {
    async put(value, maxBytes) {
      const named = nameBlob(value, maxBytes);
      if (!named.ok) return named;
      const { ref, bytes } = named.value;
      await calling(`write ${table}`, () => add(ref, bytes.toString()));
      return ok(ref);
    },

    async get(ref) {
      checkBlobName(ref);
      const document = await calling(`read ${table}`, () => find(ref));
      if (document === undefined)
        throw new StoreUnavailableError(`The blob ${ref} is not there, in ${table}. Try again.`);
      return openBlob(`${ref} in ${table}`, { ref, bytes: Buffer.from(document) });
    },
  };
}

import type { StoreDataset } from './dataset.ts';
import { isDuplicate } from './google-errors.ts';

/** Creates a table that has only a few columns, once in a process. `columns` and what follows are in GoogleSQL. */
export function smallTable(store: StoreDataset, name: string, definition: string): () => Promise<void> {
  let created: Promise<void> | undefined;
  return () => {
    created ??= create(store, name, definition).catch((error: unknown) => {
      created = undefined;
      throw error;
    });
    return created;
  };
}

async function create(store: StoreDataset, name: string, definition: string): Promise<void> {
  try {
    await store.query(`CREATE TABLE IF NOT EXISTS ${store.quoted(name)} ${definition}`);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

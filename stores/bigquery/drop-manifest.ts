import type { StoreDataset } from './dataset.ts';
import { dropTable } from './drop-table.ts';
import { rejectsTable } from './rejects-table.ts';

/** With the table of its rejects. */
export async function dropManifest(store: StoreDataset, manifest: string): Promise<void> {
  for (const table of [manifest, rejectsTable(manifest)]) await dropTable(store, table);
}

import type { StoreDataset } from './dataset.ts';
import { calling } from './google-errors.ts';

/** A table that is not there is fine. */
export async function dropTable(store: StoreDataset, table: string): Promise<void> {
  await calling(`delete ${store.quoted(table)}`, () => store.dataset.table(table).delete({ ignoreNotFound: true }));
}

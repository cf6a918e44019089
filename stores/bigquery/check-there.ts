import { StoreUnavailableError } from '../ports.ts';
import type { StoreDataset } from './dataset.ts';
import { calling } from './google-errors.ts';

/** Throws `StoreUnavailableError` with the fix where a table is not there. */
export async function checkThere(store: StoreDataset, table: string): Promise<void> {
  const [exists] = await calling(`look at ${table}`, () => store.dataset.table(table).exists());
  if (exists) return;
  throw new StoreUnavailableError(
    `The table ${store.quoted(table)} is not there. Bring it back and the run goes on: BigQuery keeps what was dropped for some days.`,
  );
}

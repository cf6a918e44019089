import type { Table, TableField } from '@google-cloud/bigquery';
import type { StoreDataset } from './dataset.ts';
import { calling } from './google-errors.ts';

/** A table that only a run needs goes away by itself so long after the run has last read it. */
const KEEP_DAYS = 180;
const DAY_MS = 86_400_000;

/** Creates a table that goes away by itself; `requestDigest`: hex, kept as a label, or empty. Throws `StoreUnavailableError`, also where it is there. */
export async function createPassingTable(
  store: StoreDataset,
  name: string,
  fields: readonly TableField[],
  requestDigest: string,
): Promise<Table> {
  const table = store.dataset.table(name);
  const metadata = { schema: { fields: [...fields] }, labels: labelsOf(requestDigest), expirationTime: keepUntil() };
  await calling(`create ${store.quoted(name)}`, () => table.create(metadata));
  return table;
}

/** The same as `OPTIONS` of a statement. */
export function passingOptions(requestDigest: string): string {
  const labels = Object.entries(labelsOf(requestDigest)).map(([name, value]) => `('${name}', '${value}')`);
  return `expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL ${KEEP_DAYS} DAY), labels = [${labels.join(', ')}]`;
}

/** Puts the end of a table off, at most once a day in each process; that it cannot be done now is told to nobody. */
export function createRenewal(store: StoreDataset): (table: string) => Promise<void> {
  const renewedAtMs = new Map<string, number>();
  return async (name) => {
    if (Date.now() - (renewedAtMs.get(name) ?? 0) < DAY_MS) return;
    renewedAtMs.set(name, Date.now());
    // There is half a year for another try.
    await store.dataset
      .table(name)
      .setMetadata({ expirationTime: keepUntil() })
      .catch(() => renewedAtMs.delete(name));
  };
}

/** The end of such a table, from now on, as BigQuery takes it. */
function keepUntil(): string {
  return String(Date.now() + KEEP_DAYS * DAY_MS);
}

/** A label holds 63 characters, a digest of SHA-256 in hex has 64. */
function labelsOf(requestDigest: string): Readonly<Record<string, string>> {
  return requestDigest === '' ? {} : { sightline_request: requestDigest.slice(0, 40) };
}

import type { RunPlace } from '../../contracts/run.ts';
import { StoreRefusedError, StoreUnavailableError } from '../ports.ts';
import type { StoreDataset } from './dataset.ts';
import { dropTable } from './drop-table.ts';
import { calling, codeOf, reasonOf } from './google-errors.ts';
import type { BucketFolder, LoadBucket } from './load-bucket.ts';
import { probePatiently } from './probe-patiently.ts';
import { hasRunOnce, loadOnce } from './run-once.ts';
import { createStagingTable, stagingTable } from './staging-table.ts';

const [PROBE, FIELDS] = ['probe.jsonl', [{ name: 'probe', type: 'BOOLEAN' }]];

/**
 * Loads one row from the bucket into a table that nobody reads, once for a run. Throws `StoreRefusedError` with the fix where
 * BigQuery does not load from there.
 *
 * Only doing it tells. Of a bucket in another location than the dataset Google says both that loads are refused, unless the
 * dataset is in US ("Loading JSON data from Cloud Storage", limitations), and, later, that they cost transfer ("BigQuery
 * locations", load Cloud Storage data). And who may write objects may not always have BigQuery read them.
 */
export async function checkLoading(
  store: StoreDataset,
  bucket: LoadBucket,
  parts: BucketFolder,
  place: RunPlace,
): Promise<void> {
  await probePatiently(
    () => calling(`load from gs://${bucket.name}`, () => probe(store, parts, place)),
    async (error) => (isRefusal(error) ? refusalOf(error as Error, store, bucket) : undefined),
  );
}

async function probe(store: StoreDataset, parts: BucketFolder, place: RunPlace): Promise<void> {
  const [name, table] = [`${place.key}_load_probe`, stagingTable(place, 'probe')];
  if (!(await hasRunOnce(store, name))) {
    await parts.createOnce('probe', PROBE, '{"probe":true}\n');
    await createStagingTable(store, table, FIELDS);
    await loadOnce(store, name, table, [parts.pathOf(PROBE)], FIELDS);
  }
  await dropTable(store, table);
  await parts.remove([PROBE]);
}

/** What a job says that failed has no code. */
function isRefusal(error: unknown): boolean {
  const answer = error instanceof StoreUnavailableError ? error.cause : error;
  return codeOf(answer) === 400 || ['invalid', 'accessDenied'].includes(reasonOf(answer) ?? '');
}

async function refusalOf(error: Error, store: StoreDataset, bucket: LoadBucket): Promise<StoreRefusedError> {
  const words = ((error.cause ?? error) as Error).message.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 300);
  const fix = `Name a bucket in the dataset's location, ${await store.location()}, that the worker may read and write`;
  return new StoreRefusedError(`BigQuery does not load rows from gs://${bucket.name}: ${words}. ${fix}.`, {
    cause: error,
  });
}

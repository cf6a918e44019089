import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import { storeText } from '../../contracts/store-text.ts';
import { StoreRefusedError } from '../ports.ts';
import type { SettledStore } from '../ports.ts';

/**
 * Decides how the rows of a run get into its dataset. `refusal`: Google's words where rows may not be streamed, else null. What
 * is named is never changed: where it is not permitted this throws `StoreRefusedError` with the fix.
 */
export function settleMode(spec: BigQueryStoreSpec, refusal: string | null): SettledStore {
  if (spec.mode === 'load') return { store: spec, notes: [`${LOADED} ${bucketOf(spec)}. ${LATER}`] };
  if (refusal === null) return { store: spec, notes: [] };
  const why = `Storage Write is not permitted here (${refusal.replace(/\s+/g, ' ').slice(0, 200)})`;
  if (spec.mode === undefined && spec.bucket !== undefined) {
    return { store: { ...spec, mode: 'load' }, notes: [`${LOADED} ${bucketOf(spec)}, because ${why}. ${LATER}`] };
  }
  const loads = storeText({ ...spec, mode: 'load', bucket: spec.bucket ?? 'NAME' });
  throw new StoreRefusedError(
    `Rows cannot be streamed into ${spec.project}.${spec.dataset}: ${why}. Give the worker BigQuery Data Editor and turn on bigquerystorage.googleapis.com, or let rows be loaded: ${loads}`,
  );
}

const LOADED = 'Rows are loaded into BigQuery through';
const LATER = 'They can be read there when the run has ended.';

function bucketOf({ bucket }: BigQueryStoreSpec): string {
  return `gs://${bucket}`;
}

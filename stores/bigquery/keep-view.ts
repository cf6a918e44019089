import type { Table, TableMetadata } from '@google-cloud/bigquery';
import { StoreRefusedError } from '../ports.ts';
import { isDuplicate } from './google-errors.ts';
import { metadataOf } from './metadata-of.ts';

/** A view as it should be. */
export interface WantedView {
  readonly name: string;
  readonly query: string;
  /** Stays the same over all versions: it tells our views from those of others. */
  readonly description: string;
}

/** Creates a view, or gives one of ours the newest statement. Throws `StoreRefusedError` where its name is somebody else's. */
export async function keepView(table: Table, wanted: WantedView): Promise<void> {
  const { query, description } = wanted;
  const view = { query, useLegacySql: false };
  const step = viewStep(await metadataOf(table), wanted);
  if (step === 'change') await table.setMetadata({ view, description });
  if (step !== 'create') return;
  await table.create({ view, description }).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
  });
}

/** What is to be done where this is there; a table is told by its type, and a view of somebody else by what it says of itself. */
export function viewStep(there: TableMetadata | undefined, wanted: WantedView): 'create' | 'change' | 'keep' {
  if (there === undefined) return 'create';
  const { type = 'TABLE', description } = there;
  const fix = 'Move it away, or give the prompt another name.';
  if (type !== 'VIEW') throw new StoreRefusedError(`${wanted.name} is no view but a ${type}. ${fix}`);
  if ((there.view as { readonly query?: string } | undefined)?.query === wanted.query) return 'keep';
  if (description === wanted.description) return 'change';
  throw new StoreRefusedError(`${wanted.name} is a view that Sightline has not made. ${fix}`);
}

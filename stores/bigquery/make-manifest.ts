import { randomBytes } from 'node:crypto';
import type { RunPlace } from '../../contracts/run.ts';
import { StoreMismatchError } from '../ports.ts';
import type { FrozenManifest, ManifestSource } from '../ports.ts';
import { copyStatement } from './copy-statement.ts';
import type { StoreDataset } from './dataset.ts';
import { dropManifest } from './drop-manifest.ts';
import { calling } from './google-errors.ts';
import { loadAssets } from './load-assets.ts';
import { MANIFEST_FIELDS } from './manifest-columns.ts';
import { sumTable } from './manifest-table.ts';
import { createPassingTable } from './passing-table.ts';
import { keyInTable } from './place-key.ts';
import { openRejectsTable } from './rejects-table.ts';

/** Fills a table with the assets of a source; `number` tells apart what is made for the same place one after the other. */
export async function makeManifest(
  store: StoreDataset,
  place: RunPlace,
  number: number,
  { assets, statement, reading, requestDigest = '' }: ManifestSource,
): Promise<FrozenManifest> {
  const name = manifestTable(place);
  const sum = (uri: string) => calling(`read ${store.quoted(uri)}`, () => sumTable(store, uri));
  const told = () => reading && { reading: reading() };
  if (statement?.dialect === 'bigquery') {
    const rejects = await copyStatement(store, name, `${place.key}_manifest_copy_${number}`, statement, requestDigest);
    if (rejects) return { uri: name, ...(await sum(name)), ...rejects, ...told() };
  }
  const uri = `${name}_${randomBytes(5).toString('hex')}`;
  const table = await createPassingTable(store, uri, MANIFEST_FIELDS, requestDigest);
  using rejects = openRejectsTable(store, uri, requestDigest);
  try {
    const rows = await loadAssets(store, table, assets(rejects.add));
    const sums = await sum(uri);
    if (sums.rows !== rows) throw new StoreMismatchError(`${uri} has ${sums.rows} rows instead of ${rows}.`);
    return { uri, ...sums, ...rejects.counts(), rejects: await rejects.load(), ...told() };
  } catch (error) {
    await dropManifest(store, uri).catch(() => undefined);
    throw error;
  }
}

/** The name that every manifest of a place has, or begins with. */
export function manifestTable(place: RunPlace): string {
  return `sightline_manifest_${keyInTable(place)}`;
}

import type { ManifestRef, RunPlace } from '../../contracts/run.ts';
import { checkRanges } from '../check-ranges.ts';
import { StoreMismatchError } from '../ports.ts';
import type { FrozenManifest, ManifestStore } from '../ports.ts';
import { checkThere } from './check-there.ts';
import type { StoreDataset } from './dataset.ts';
import { dropManifest } from './drop-manifest.ts';
import { calling, isNotFound } from './google-errors.ts';
import { openJobLog } from './job-log.ts';
import { makeManifest, manifestTable } from './make-manifest.ts';
import { readRanges } from './manifest-table.ts';
import { createRenewal } from './passing-table.ts';
import { rejectsTable } from './rejects-table.ts';

/**
 * Manifests as tables. Which table is the manifest of a place stands in a log: of many who freeze at once one is the first to
 * say so, and all others take theirs away. Entries that were rejected stand in a table beside it. Both go away by themselves, half a
 * year after they were last read.
 */
export function createBigQueryManifestStore(store: StoreDataset): ManifestStore {
  /** What was read once and found to be the manifest of its place: it never changes. */
  const known = new Set<string>();
  const renew = createRenewal(store);
  const logOf = (place: RunPlace) => openJobLog<FrozenManifest>(store, `${place.key}_manifest`);

  async function find(place: RunPlace): Promise<FrozenManifest | undefined> {
    return ifThere((await logOf(place).read()).at(-1));
  }

  async function ifThere(ref: FrozenManifest | undefined): Promise<FrozenManifest | undefined> {
    if (ref === undefined) return undefined;
    const [exists] = await calling(`look at ${store.quoted(ref.uri)}`, () => store.dataset.table(ref.uri).exists());
    return exists ? ref : undefined;
  }

  return {
    find,

    async freeze(place, source) {
      const before = await logOf(place).read();
      const earlier = await ifThere(before.at(-1));
      if (earlier) return earlier;
      const made = await makeManifest(store, place, before.length + 1, source);
      if (await logOf(place).append(before.length + 1, made)) return made;
      const ref = await find(place);
      if (ref?.uri !== made.uri) await dropManifest(store, made.uri);
      if (!ref) throw new StoreMismatchError(`The manifest ${made.uri} has gone while it was frozen.`);
      return ref;
    },

    async read(place, manifest, ranges) {
      const table = manifest.uri;
      if (!known.has(identityOf(place, manifest))) {
        const planned = (await logOf(place).read()).at(-1);
        if (!planned || identityOf(place, planned) !== identityOf(place, manifest)) {
          throw new StoreMismatchError(`The manifest ${table} is not the one that the run was planned with.`);
        }
        known.add(identityOf(place, manifest));
      }
      await Promise.all([renew(table), ...(manifest.rejects === null ? [] : [renew(rejectsTable(table))])]);
      const found = await calling(`read ${store.quoted(table)}`, () =>
        readRanges(store, table, ranges).catch(async (error: unknown) => {
          if (isNotFound(error)) await checkThere(store, table);
          throw error;
        }),
      );
      return checkRanges(table, ranges, found);
    },

    async drop(place) {
      const refs = await logOf(place).read();
      for (const table of new Set([manifestTable(place), ...refs.map(({ uri }) => uri)]))
        await dropManifest(store, table);
    },
  };
}

function identityOf({ key }: RunPlace, { uri, rows, digest }: ManifestRef): string {
  return [key, uri, rows, digest].join(' ');
}

import { randomBytes } from 'node:crypto';
import type { ManifestRef, RunPlace } from '../../contracts/run.ts';
import { checkRanges } from '../check-ranges.ts';
import { StoreMismatchError } from '../ports.ts';
import type { ManifestSource, ManifestStore } from '../ports.ts';
import { copyStatement } from './copy-statement.ts';
import type { StoreDataset } from './dataset.ts';
import { calling, isNotFound } from './google-errors.ts';
import { openJobLog } from './job-log.ts';
import { loadAssets } from './load-assets.ts';
import { MANIFEST_FIELDS } from './manifest-columns.ts';
import { KEEP_DAYS, readRanges, sumTable } from './manifest-table.ts';

const DAY_MS = 86_400_000;

/**
 * Manifests as tables. Which table is the manifest of a place stands in a log: of many who freeze at once one is the first to
 * say so, and all others take theirs away. Entries that were rejected are counted, not kept.
 */
export function createBigQueryManifestStore(store: StoreDataset): ManifestStore {
  const logOf = (place: RunPlace) => openJobLog<ManifestRef>(store, `${place.key}_manifest`);

  async function find(place: RunPlace): Promise<ManifestRef | undefined> {
    const ref = (await logOf(place).read()).at(-1);
    return ref && (await exists(ref.uri)) ? ref : undefined;
  }

  async function exists(table: string): Promise<boolean> {
    const [found] = await calling(`look at ${store.quoted(table)}`, () => store.dataset.table(table).exists());
    return found;
  }

  async function drop(table: string): Promise<void> {
    await calling(`delete ${store.quoted(table)}`, () => store.dataset.table(table).delete({ ignoreNotFound: true }));
  }

  async function make(place: RunPlace, number: number, source: ManifestSource): Promise<ManifestRef> {
    const { statement } = source;
    if (statement?.dialect === 'bigquery') {
      const uri = tableOf(place);
      if (await copyStatement(store, uri, `${place.key}_manifest_copy_${number}`, statement)) {
        return { uri, ...(await sum(uri)), rejected: 0, duplicates: 0, rejects: null };
      }
    }
    const uri = `${tableOf(place)}_${randomBytes(5).toString('hex')}`;
    const table = store.dataset.table(uri);
    await calling(`create ${store.quoted(uri)}`, () =>
      table.create({
        schema: { fields: [...MANIFEST_FIELDS] },
        expirationTime: String(Date.now() + KEEP_DAYS * DAY_MS),
      }),
    );
    try {
      const { rows, rejected, duplicates } = await loadAssets(store, table, source.assets);
      const sums = await sum(uri);
      if (sums.rows !== rows) throw new StoreMismatchError(`${uri} has ${sums.rows} rows instead of ${rows}.`);
      return { uri, ...sums, rejected, duplicates, rejects: null };
    } catch (error) {
      await drop(uri).catch(() => undefined);
      throw error;
    }
  }

  function sum(table: string): Promise<{ rows: number; digest: string }> {
    return calling(`read ${store.quoted(table)}`, () => sumTable(store, table));
  }

  return {
    find,

    async freeze(place, source) {
      await store.location();
      const before = await logOf(place).read();
      const last = before.at(-1);
      if (last && (await exists(last.uri))) return last;
      const made = await make(place, before.length + 1, source);
      if (await logOf(place).append(before.length + 1, made)) return made;
      const ref = await find(place);
      if (ref?.uri !== made.uri) await drop(made.uri);
      if (!ref) throw new StoreMismatchError(`The manifest ${made.uri} has gone while it was frozen.`);
      return ref;
    },

    async read(place, manifest, ranges) {
      const table = manifest.uri;
      if (!table.startsWith(tableOf(place))) throw new StoreMismatchError(`${table} is no manifest of ${place.key}.`);
      const stored = (await logOf(place).read()).at(-1);
      if (stored?.digest !== manifest.digest || stored.rows !== manifest.rows || stored.uri !== table) {
        throw new StoreMismatchError(`The manifest ${table} is not the one that the run was planned with.`);
      }
      const found = await calling(`read ${store.quoted(table)}`, () =>
        readRanges(store, table, ranges).catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
          throw new StoreMismatchError(`The manifest ${table} is missing.`, { cause: error });
        }),
      );
      return checkRanges(table, ranges, found);
    },

    async drop(place) {
      const refs = await logOf(place).read();
      for (const table of new Set([tableOf(place), ...refs.map(({ uri }) => uri)])) await drop(table);
    },
  };
}

function tableOf({ key }: RunPlace): string {
  if (!/^[a-z0-9][a-z0-9-]{0,199}$/.test(key)) {
    throw new StoreMismatchError(`${JSON.stringify(key)} cannot be part of a table's name.`);
  }
  return `sightline_manifest_${key.replaceAll('-', '_')}`;
}

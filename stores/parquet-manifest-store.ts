import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Asset, RowRange } from '../contracts/asset.ts';
import type { RunPlace, SourceReading } from '../contracts/run.ts';
import type { OnReject } from '../sources/ports.ts';
import { checkRanges } from './check-ranges.ts';
import { copyAssets, copyStatement, type CopiedManifest } from './copy-manifest.ts';
import { fileList, isMissingFile, pathLiteral, queryRows, textOf } from './duckdb.ts';
import { namesIn, readIfThere, temporaryBeside } from './durable-files.ts';
import type { DurableFiles } from './durable-files.ts';
import { StoreMismatchError, StoreUnavailableError } from './ports.ts';
import type { FrozenManifest, ManifestSource, ManifestStore } from './ports.ts';
import { ATTRIBUTES_TEXT, assetOfRow } from './manifest-columns.ts';
import { REJECTS_ENDINGS } from './rejects-file.ts';
import { countRows, rowsOf } from './row-ranges.ts';
import { placePaths } from './run-place.ts';
import { sumManifest } from './sum-manifest.ts';
import { errorCode, toStoreError } from './store-errors.ts';

/**
 * Manifests as Parquet files. The number of a row is its place in the file; count, digest and what was rejected stand in a
 * note beside it, which can be made again from the file.
 */
export function createParquetManifestStore(files: DurableFiles): ManifestStore {
  async function find(place: RunPlace): Promise<FrozenManifest | undefined> {
    const { manifest, manifestNote } = placePaths(place);
    const note = await readIfThere(manifestNote);
    if (note !== undefined) return JSON.parse(note.toString()) as FrozenManifest;
    if (!(await exists(manifest))) return undefined;
    const ref = await refFromFile(manifest);
    await keepNote(manifestNote, ref);
    return ref;
  }

  async function keepNote(path: string, ref: FrozenManifest): Promise<void> {
    await files.replace('manifest note', path, JSON.stringify(ref)).catch((error: unknown) => {
      // The file says all that the note says.
      if (!(error instanceof StoreUnavailableError)) throw error;
    });
  }

  return {
    find,

    async freeze(place, source) {
      const { manifest, manifestNote } = placePaths(place);
      const earlier = await find(place);
      if (earlier) {
        await sweep(files, manifest);
        return earlier;
      }
      const temporary = temporaryBeside(manifest);
      const watched = watch(source.assets);
      const reading = (): string => (source.reading ? JSON.stringify(source.reading()) : '');
      let ours: FrozenManifest | undefined;
      try {
        const copied =
          (await copyStatement(files, temporary, source.statement ?? null, reading)) ??
          (await copyAssets(files, placePaths(place), temporary, watched.assets, reading));
        if (await files.publishOnce('manifest', temporary, manifest)) ours = refOf(manifest, copied);
      } catch (error) {
        // Somebody else's manifest is as good as ours, and its writer may have swept our temporary files away.
        if (!(await exists(manifest))) {
          await files.remove('manifest in vain', [temporary]).catch(() => undefined);
          throw watched.failure()?.error ?? error;
        }
      }
      if (ours) await keepNote(manifestNote, ours);
      await sweep(files, manifest);
      const ref = await find(place);
      if (!ref) throw new StoreMismatchError(`The manifest ${manifest} has gone while it was frozen.`);
      return ref;
    },

    async read(place, manifest, ranges) {
      const { manifest: path } = placePaths(place);
      const stored = await find(place);
      if (!stored) throw gone(path);
      if (stored.digest !== manifest.digest || stored.rows !== manifest.rows) {
        throw new StoreMismatchError(`The manifest ${path} is not the one that the run was planned with.`);
      }
      const rows = await queryRows(
        `SELECT * FROM ${numbered(path)} WHERE ${rowFilter(ranges)} ORDER BY row_number`,
      ).catch((error: unknown) => {
        if (!isMissingFile(error)) throw error;
        throw gone(path, error);
      });
      return checkRanges(path, ranges, rows.map(assetOfRow));
    },

    async drop(place) {
      const { manifest, manifestNote, rejects } = placePaths(place);
      // The note first: without it the file speaks for itself, but a note without its file would be a lie.
      await files.remove('manifest note', [manifestNote]);
      await files.remove('manifest', [manifest, ...REJECTS_ENDINGS.map((ending) => rejects + ending)]);
      await sweep(files, manifest);
    },
  };
}

/** Remembers what the source threw, so that it is not taken for a failure of the store. */
function watch(assets: ManifestSource['assets']) {
  let failure: { readonly error: unknown } | undefined;
  async function* watched(onReject: OnReject): AsyncGenerator<Asset> {
    try {
      yield* assets(onReject);
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  return { assets: watched, failure: () => failure };
}

function numbered(path: string): string {
  return `(SELECT * REPLACE (${ATTRIBUTES_TEXT} AS attributes) RENAME (file_row_number AS row_number) FROM read_parquet(${fileList([path])}, file_row_number = true))`;
}

/** Not final: what the run has paid for waits until somebody brings it back. */
function gone(path: string, cause?: unknown): StoreUnavailableError {
  return new StoreUnavailableError(`The manifest ${path} is missing. Bring it back and the run goes on.`, { cause });
}

function rowFilter(ranges: readonly RowRange[]): string {
  if (ranges.length === 0) return 'false';
  // Many single rows: a list is looked up, a long chain of comparisons would be made for every row of the file.
  if (ranges.length > 1 && countRows(ranges) <= 10_000) return `row_number IN (${[...rowsOf(ranges)].join(', ')})`;
  return ranges.map(({ start, end }) => `(row_number >= ${start} AND row_number < ${end})`).join(' OR ');
}

async function refFromFile(path: string): Promise<FrozenManifest> {
  const pairs = await queryRows(
    `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${pathLiteral(path)})`,
  );
  const metadata = new Map(pairs.map(({ key, value }) => [textOf(key), textOf(value)]));
  const rejected = metadata.get('rejected');
  if (rejected === undefined) throw new StoreMismatchError(`${path} is no manifest of Sightline.`);
  const note = {
    rejected: Number(rejected),
    duplicates: Number(metadata.get('duplicates')),
    rejects: metadata.get('rejects') ?? '',
    reading: metadata.get('reading') ?? '',
  };
  return refOf(path, { sums: await sumManifest(path), note });
}

function refOf(path: string, { sums, note }: CopiedManifest): FrozenManifest {
  const { rejected, duplicates, rejects, reading } = note;
  return {
    uri: join('manifests', basename(path)),
    ...sums,
    rejected,
    duplicates,
    rejects: rejects === '' ? null : rejects,
    ...(reading !== '' && { reading: JSON.parse(reading) as SourceReading }),
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw toStoreError('read', path, error);
  }
}

/** Removes what killed attempts have left behind. */
async function sweep(files: DurableFiles, manifest: string): Promise<void> {
  const prefix = `${basename(manifest, '.parquet')}.`;
  const leftovers = (await namesIn(dirname(manifest))).filter(
    (name) => name.startsWith(prefix) && name.endsWith('.tmp'),
  );
  await files.remove(
    'manifest leftover',
    leftovers.map((name) => join(dirname(manifest), name)),
  );
}

import { hash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Asset, AssetRef, RowRange } from '../contracts/asset.ts';
import type { ManifestRef, RunPlace } from '../contracts/run.ts';
import { fileList, isMissingFile, literal, queryRows, runSql, textOf } from './duckdb.ts';
import { namesIn, readIfThere, temporaryBeside } from './durable-files.ts';
import type { DurableFiles } from './durable-files.ts';
import { StoreMismatchError, StoreUnavailableError } from './ports.ts';
import type { ManifestStore } from './ports.ts';
import { readJsonCall } from './result-columns.ts';
import type { Column } from './result-columns.ts';
import { countRows, rowsOf } from './row-ranges.ts';
import { placePaths } from './run-place.ts';
import { errorCode, toStoreError } from './store-errors.ts';

const COLUMNS: readonly Column[] = [
  ['row_number', 'BIGINT'],
  ['asset_id', 'VARCHAR'],
  ['asset', 'VARCHAR'],
];

/** Small, so that a window of a few hundred rows out of a million costs milliseconds. */
const ROW_GROUP_ROWS = 8192;
const WRITE_CHARACTERS = 256 * 1024;

/** Manifests as Parquet files: count and digest stand in the file itself, and beside it for people and for speed. */
export function createParquetManifestStore(files: DurableFiles): ManifestStore {
  async function find(place: RunPlace): Promise<ManifestRef | undefined> {
    const { manifest, manifestNote } = placePaths(place);
    const note = await readIfThere(manifestNote);
    if (note !== undefined) return JSON.parse(note.toString()) as ManifestRef;
    if (!(await exists(manifest))) return undefined;
    const ref = await refFromFile(manifest);
    await files.replace('manifest note', manifestNote, JSON.stringify(ref)).catch((error: unknown) => {
      // The file says all that the note says.
      if (!(error instanceof StoreUnavailableError)) throw error;
    });
    return ref;
  }

  return {
    find,

    async freeze(place, assets, rejected = () => 0) {
      const { manifest } = placePaths(place);
      const earlier = await find(place);
      if (earlier) {
        await sweep(files, manifest);
        return earlier;
      }
      const [lines, parquet] = [temporaryBeside(manifest), temporaryBeside(manifest)];
      const source = watch(assets);
      try {
        const written = await files.fill('manifest lines', lines, () => writeLines(lines, source.assets));
        const table = readJsonCall(fileList([lines]), COLUMNS, written.maxLineBytes);
        const metadata = `{rows: '${written.rows}', digest: '${written.digest}', rejected: '${rejected()}'}`;
        await files.fill('manifest', parquet, () =>
          runSql(
            `COPY (SELECT * FROM ${table}) TO ${literal(parquet)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS}, KV_METADATA ${metadata})`,
          ),
        );
        await files.publishOnce('manifest', parquet, manifest);
      } catch (error) {
        // Somebody else's manifest is as good as ours, and its writer may have swept our temporary files away.
        if (!(await exists(manifest))) {
          await files.remove('manifest in vain', [lines, parquet]).catch(() => undefined);
          throw source.failure()?.error ?? error;
        }
      }
      await sweep(files, manifest);
      const ref = await find(place);
      if (!ref) throw new StoreMismatchError(`The manifest ${manifest} has gone while it was frozen.`);
      return ref;
    },

    async read(place, manifest, ranges) {
      const { manifest: path } = placePaths(place);
      const stored = await find(place);
      if (!stored) throw new StoreMismatchError(`The manifest ${path} does not exist.`);
      if (stored.digest !== manifest.digest || stored.rows !== manifest.rows) {
        throw new StoreMismatchError(`The manifest ${path} is not the one that the run was planned with.`);
      }
      const rows = await queryRows(
        `SELECT row_number, asset FROM read_parquet(${fileList([path])}) WHERE ${rowFilter(ranges)} ORDER BY row_number`,
      ).catch((error: unknown) => {
        if (!isMissingFile(error)) throw error;
        throw new StoreMismatchError(`The manifest ${path} is missing.`, { cause: error });
      });
      return inRanges(
        path,
        ranges,
        rows.map(({ row_number, asset }) => ({ row: Number(row_number), ...(JSON.parse(textOf(asset)) as Asset) })),
      );
    },

    async drop(place) {
      const { manifest, manifestNote } = placePaths(place);
      // The note first: without it the file speaks for itself, but a note without its file would be a lie.
      await files.remove('manifest note', [manifestNote]);
      await files.remove('manifest', [manifest]);
      await sweep(files, manifest);
    },
  };
}

/** Remembers what the source threw, so that it is not taken for a failure of the store. */
function watch(assets: AsyncIterable<Asset>) {
  let failure: { readonly error: unknown } | undefined;
  async function* watched(): AsyncGenerator<Asset> {
    try {
      yield* assets;
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  return { assets: watched(), failure: () => failure };
}

interface Written {
  readonly rows: number;
  readonly digest: string;
  readonly maxLineBytes: number;
}

async function writeLines(path: string, assets: AsyncIterable<Asset>): Promise<Written> {
  await using file = await open(path, 'wx');
  let [rows, digest, maxLineBytes] = [0, 0n, 0];
  let pending: string[] = [];
  let characters = 0;
  for await (const asset of assets) {
    const json = assetJson(asset);
    const line = `${JSON.stringify({ row_number: rows, asset_id: asset.assetId.toWellFormed(), asset: json })}\n`;
    digest = BigInt.asUintN(128, digest + BigInt(`0x${hash('sha256', `${rows}\0${json}`).slice(0, 32)}`));
    maxLineBytes = Math.max(maxLineBytes, line.length * 3);
    rows += 1;
    pending.push(line);
    characters += line.length;
    if (characters >= WRITE_CHARACTERS) {
      await append(file, path, pending);
      pending = [];
      characters = 0;
    }
  }
  await append(file, path, pending);
  return { rows, digest: digest.toString(16).padStart(32, '0'), maxLineBytes };
}

async function append(file: Awaited<ReturnType<typeof open>>, path: string, lines: readonly string[]): Promise<void> {
  try {
    await file.appendFile(lines.join(''));
  } catch (error) {
    throw toStoreError('write', path, error);
  }
}

/** Always the same text for the same asset, whatever the order in which its source has put it together. */
function assetJson({ assetId, images, location, detectionTime, attributes }: Asset): string {
  return JSON.stringify({ assetId, images, location, detectionTime, attributes });
}

function rowFilter(ranges: readonly RowRange[]): string {
  if (ranges.length === 0) return 'false';
  // Many single rows: a list is looked up, a long chain of comparisons would be made for every row of the file.
  if (ranges.length > 1 && countRows(ranges) <= 10_000) return `row_number IN (${[...rowsOf(ranges)].join(', ')})`;
  return ranges.map(({ start, end }) => `(row_number >= ${start} AND row_number < ${end})`).join(' OR ');
}

function inRanges(path: string, ranges: readonly RowRange[], found: readonly AssetRef[]): readonly AssetRef[] {
  const byRow = new Map(found.map((asset) => [asset.row, asset]));
  if (byRow.size !== found.length) throw new StoreMismatchError(`The manifest ${path} holds a row twice.`);
  const wanted: AssetRef[] = [];
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++) {
      const asset = byRow.get(row);
      if (!asset) throw new StoreMismatchError(`Row ${row} is missing in the manifest ${path}.`);
      wanted.push(asset);
    }
  }
  if (countRows(ranges) !== found.length)
    throw new StoreMismatchError(`The manifest ${path} gave rows that were not asked for.`);
  return wanted;
}

async function refFromFile(path: string): Promise<ManifestRef> {
  const rows = await queryRows(
    `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${literal(path)})`,
  );
  const metadata = new Map(rows.map(({ key, value }) => [textOf(key), textOf(value)]));
  const [count, digest] = [metadata.get('rows'), metadata.get('digest')];
  if (count === undefined || digest === undefined) throw new StoreMismatchError(`${path} is no manifest of Sightline.`);
  const rejected = Number(metadata.get('rejected') ?? 0);
  return { uri: join('manifests', basename(path)), rows: Number(count), digest, rejected };
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

import { open } from 'node:fs/promises';
import type { Asset } from '../contracts/asset.ts';
import type { AssetStatement, OnReject } from '../sources/ports.ts';
import { fileList, literal, queryRows, runSql } from './duckdb.ts';
import { temporaryBeside, type DurableFiles } from './durable-files.ts';
import { StoreMismatchError } from './ports.ts';
import { MANIFEST_COLUMNS, manifestLine } from './manifest-columns.ts';
import { sumManifest, type ManifestSums } from './sum-manifest.ts';
import { openRejects } from './rejects-file.ts';
import { readJsonCall } from './result-columns.ts';
import type { PlacePaths } from './run-place.ts';
import { toStoreError } from './store-errors.ts';

/** So that a window of a few hundred rows out of a million costs milliseconds. Smaller ones cost more again: a reader looks each up. */
const ROW_GROUP_ROWS = 32_768;
const WRITE_CHARACTERS = 256 * 1024;

/** Fills a manifest file with what a statement selects; null when it fails, does not hold or gives an id twice: then there is no file. */
export async function copyStatement(
  files: DurableFiles,
  path: string,
  statement: AssetStatement | null,
  reading: () => string,
): Promise<CopiedManifest | null> {
  if (statement?.dialect !== 'duckdb') return null;
  const note = { rejected: 0, duplicates: 0, rejects: '', reading: reading() };
  try {
    const holds = statement.holds().catch(() => false);
    const copy = (): Promise<number> => runSql(copySql(statement.sql, path, note));
    const rows = await files.fill('manifest', path, copy);
    if (rows > 0 && (await holds)) {
      const [sums, ids] = await Promise.all([sumManifest(path), countIds(path, rows), files.sync('manifest', path)]);
      if (ids === rows) return { sums, note };
    }
  } catch {
    // Read row by row the source says itself what is wrong with it, and with which line.
  }
  await files.remove('manifest in vain', [path]);
  return null;
}

/** Rows whose ids are compared at once, so that memory stays flat however many there are. */
const IDS_AT_ONCE = 1_000_000;

/** Ids are compared by 64 bits of hash: two that only look the same cost time, for then the source is read row by row. */
async function countIds(path: string, rows: number): Promise<number> {
  const parts = Math.ceil(rows / IDS_AT_ONCE);
  let distinct = 0;
  for (let part = 0; part < parts; part += 1) {
    const hashes = `SELECT hash(asset_id) AS id FROM read_parquet(${fileList([path])})`;
    const share = parts === 1 ? '' : `WHERE id % ${parts} = ${part}`;
    const [sums] = await queryRows(`SELECT count(DISTINCT id) AS ids FROM (${hashes}) ${share}`);
    distinct += Number(sums?.['ids']);
  }
  return distinct;
}

export interface CopiedManifest {
  readonly sums: ManifestSums;
  readonly note: ManifestNote;
}

/** Fills a manifest file with assets, and the file of rejects when there are any. */
export async function copyAssets(
  files: DurableFiles,
  paths: PlacePaths,
  path: string,
  assets: (onReject: OnReject) => AsyncIterable<Asset>,
  reading: () => string,
): Promise<CopiedManifest> {
  const lines = temporaryBeside(paths.manifest);
  const rejects = openRejects(temporaryBeside(paths.rejects));
  try {
    const written = await files.fill('manifest lines', lines, () => writeLines(lines, assets(rejects.add)));
    const told = rejects.close();
    const published = told.ending === null ? null : paths.rejects + told.ending;
    if (published !== null) {
      // What an attempt that was killed has left there belongs to no manifest.
      await files.remove('rejects', [published]);
      await files.publishOnce('rejects', rejects.path, published);
    }
    const note = { rejected: told.rejected, duplicates: told.duplicates, rejects: published ?? '', reading: reading() };
    const table = readJsonCall(fileList([lines]), MANIFEST_COLUMNS, written.maxLineBytes);
    await files.fill('manifest', path, () => runSql(copySql(`SELECT * FROM ${table}`, path, note)));
    const sums = await sumManifest(path);
    if (sums.rows === written.rows) return { sums, note };
    throw new StoreMismatchError(`${path} has ${sums.rows} rows instead of ${written.rows}.`);
  } catch (error) {
    rejects.close();
    await files.remove('manifest in vain', [lines, rejects.path]).catch(() => undefined);
    throw error;
  }
}

/** What the file of a manifest says of itself. */
export interface ManifestNote {
  readonly rejected: number;
  readonly duplicates: number;
  /** Path of the file; empty when there is none. */
  readonly rejects: string;
  /** A `SourceReading` as JSON; empty when nothing was said. */
  readonly reading: string;
}

function copySql(select: string, path: string, note: ManifestNote): string {
  const metadata = Object.entries(note).map(([key, value]) => `${key}: ${literal(String(value))}`);
  return `COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE ${ROW_GROUP_ROWS}, WRITE_BLOOM_FILTER false, KV_METADATA {${metadata.join(', ')}})`;
}

interface Written {
  readonly rows: number;
  readonly maxLineBytes: number;
}

async function writeLines(path: string, assets: AsyncIterable<Asset>): Promise<Written> {
  await using file = await open(path, 'wx');
  let [rows, maxLineBytes] = [0, 0];
  let pending: string[] = [];
  let characters = 0;
  for await (const asset of assets) {
    const line = manifestLine(asset);
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
  return { rows, maxLineBytes };
}

async function append(file: Awaited<ReturnType<typeof open>>, path: string, lines: readonly string[]): Promise<void> {
  try {
    await file.appendFile(lines.join(''));
  } catch (error) {
    throw toStoreError('write', path, error);
  }
}

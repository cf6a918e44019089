import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileList, isMissingFile, literal, runSql } from './duckdb.ts';
import { temporaryBeside } from './durable-files.ts';
import type { DurableFiles } from './durable-files.ts';
import { absorbedByShard, appendIndex, toAbsorbed } from './part-index.ts';
import type { Part, PartIndex } from './part-index.ts';
import { StoreMismatchError } from './ports.ts';
import type { PlacePaths } from './run-place.ts';
import { findVisibleParts } from './visible-parts.ts';
import type { VisibleParts } from './visible-parts.ts';

/** A joined part holds at most this much. */
const MAX_ROWS = 250_000;
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Joins the parts of new commit records, and small joined parts, into larger ones by putting one new index in force. Safe to
 * repeat and to run twice at once: whoever comes second starts again from the index of the first.
 */
export async function rollUpParts(files: DurableFiles, paths: PlacePaths, final: boolean): Promise<void> {
  for (;;) {
    const before = await findVisibleParts(paths);
    const groups = groupParts(before, final);
    const unchanged = groups.every((group) => group.length === 1) && groups.length === before.index.parts.length;
    if (unchanged && isAbsorbed(before)) return;
    const joined = await joinAll(files, paths, groups, before.index.number + 1);
    // A part of the old index has gone: another roll-up was faster.
    if (joined === undefined) continue;
    const kept = new Set(joined.map(({ file }) => file));
    const index: PartIndex = {
      number: before.index.number + 1,
      parts: joined,
      absorbed: toAbsorbed(new Map([...absorbedByShard(before.index), ...before.highest])),
      replaced: [...before.index.parts, ...before.fresh].map(({ file }) => file).filter((file) => !kept.has(file)),
    };
    if (await appendIndex(files, paths.index, index)) {
      // Readers that started with the index before may still need what this one replaced, but hardly what that one did.
      const stale = before.index.replaced.map((file) => join(paths.parts, file));
      await files.remove('stale part', stale);
      return;
    }
    await removeNew(files, paths, groups, joined);
  }
}

function isAbsorbed({ index, highest }: VisibleParts): boolean {
  const absorbed = absorbedByShard(index);
  return [...highest].every(([shard, number]) => absorbed.get(shard) === number);
}

/** Which parts become one. Joined parts are taken again only when they are small beside what comes to them, so that a row is copied few times. */
function groupParts({ index, fresh }: VisibleParts, final: boolean): Part[][] {
  const open: Part[] = [...fresh];
  const closed: Part[] = [];
  let rows = fresh.reduce((sum, part) => sum + part.rows, 0);
  for (const part of index.parts.toSorted((a, b) => a.rows - b.rows)) {
    const full = part.rows > MAX_ROWS / 2 || part.sizeBytes > MAX_BYTES / 2;
    if (!full && (final || part.rows <= 2 * rows)) {
      open.push(part);
      rows += part.rows;
    } else {
      closed.push(part);
    }
  }
  return [...closed.map((part) => [part]), ...packParts(open)];
}

function packParts(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = [];
  let [rows, sizeBytes] = [Infinity, Infinity];
  for (const part of parts) {
    if (rows + part.rows > MAX_ROWS || sizeBytes + part.sizeBytes > MAX_BYTES) {
      groups.push([]);
      [rows, sizeBytes] = [0, 0];
    }
    groups.at(-1)?.push(part);
    rows += part.rows;
    sizeBytes += part.sizeBytes;
  }
  return groups;
}

async function joinAll(
  files: DurableFiles,
  paths: PlacePaths,
  groups: readonly Part[][],
  number: number,
): Promise<Part[] | undefined> {
  const joined: Part[] = [];
  for (const group of groups) {
    const [only] = group;
    try {
      joined.push(only !== undefined && group.length === 1 ? only : await joinParts(files, paths, group, number));
    } catch (error) {
      await removeNew(files, paths, groups, joined);
      if (!isMissingFile(error) || (await isStillNeeded(paths, group))) throw error;
      return undefined;
    }
  }
  return joined;
}

async function joinParts(
  files: DurableFiles,
  paths: PlacePaths,
  group: readonly Part[],
  number: number,
): Promise<Part> {
  const file = `joined-${String(number).padStart(6, '0')}.${randomBytes(5).toString('hex')}.parquet`;
  const path = join(paths.parts, file);
  const temporary = temporaryBeside(path);
  const source = fileList(group.map((part) => join(paths.parts, part.file)));
  const rows = await files.fill('joined part', temporary, () =>
    runSql(
      `COPY (SELECT * FROM read_parquet(${source}) ORDER BY asset_id) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384)`,
    ),
  );
  const expected = group.reduce((sum, part) => sum + part.rows, 0);
  if (rows !== expected)
    throw new StoreMismatchError(`Parts in ${paths.parts} hold ${rows} rows instead of ${expected}.`);
  if (!(await files.publishOnce('joined part', temporary, path))) return joinParts(files, paths, group, number);
  return { file, rows, sizeBytes: group.reduce((sum, part) => sum + part.sizeBytes, 0) };
}

async function isStillNeeded(paths: PlacePaths, group: readonly Part[]): Promise<boolean> {
  const { index, fresh } = await findVisibleParts(paths);
  const needed = new Set([...index.parts, ...fresh].map(({ file }) => file));
  return group.every(({ file }) => needed.has(file));
}

async function removeNew(
  files: DurableFiles,
  paths: PlacePaths,
  groups: readonly Part[][],
  joined: readonly Part[],
): Promise<void> {
  const old = new Set(groups.flat());
  const created = joined.filter((part) => !old.has(part)).map(({ file }) => join(paths.parts, file));
  await files.remove('joined part in vain', created);
}

import { join } from 'node:path';
import { EMPTY_TALLY } from '../contracts/outcome.ts';
import { appendRecord, readLog } from './commit-log.ts';
import type { CommitRecord } from './commit-log.ts';
import { namesIn } from './durable-files.ts';
import type { DurableFiles } from './durable-files.ts';
import { appendIndex } from './part-index.ts';
import type { PlacePaths } from './run-place.ts';
import { findVisibleParts } from './visible-parts.ts';
import type { VisibleParts } from './visible-parts.ts';
import { writeOnceIn } from './write-once.ts';

/** Takes a number in a shard's log and makes nothing visible. */
const SEAL: CommitRecord = {
  segment: null,
  part: null,
  sizeBytes: 0,
  rows: [],
  rowCount: 0,
  alreadyVisible: 0,
  tally: EMPTY_TALLY,
  digest: '',
};

/**
 * Removes every file that no reader needs: afterwards the parts folder holds the visible rows and nothing else.
 *
 * A part that nobody refers to may belong to a commit that is about to write its record, or to a roll-up that is about to
 * write its index. So before such a part goes, the number that its owner has in mind is taken: the owner fails to take it,
 * starts again and writes another part.
 */
export async function cleanUpParts(files: DurableFiles, paths: PlacePaths): Promise<void> {
  for (;;) {
    const found = await namesIn(paths.parts);
    const visible = await findVisibleParts(paths);
    const orphans = found.filter((name) => !isNeeded(visible, name));
    if (!(await takeNumbersOf(files, paths, orphans, visible))) continue;
    const now = await findVisibleParts(paths);
    const gone = orphans.filter((name) => !isNeeded(now, name)).map((name) => join(paths.parts, name));
    await files.remove('orphan part', gone);
    break;
  }
  const staged = (await namesIn(paths.staged)).map((name) => join(paths.staged, name));
  await files.remove('staged batch', staged);
  for (const folder of [paths.commits, paths.index]) {
    const temporary = (await namesIn(folder)).filter((name) => name.endsWith('.tmp')).map((name) => join(folder, name));
    await files.remove('leftover', temporary);
  }
}

function isNeeded({ index, fresh }: VisibleParts, file: string): boolean {
  return index.parts.some((part) => part.file === file) || fresh.some((part) => part.file === file);
}

/** False when a number was taken by somebody else meanwhile. */
async function takeNumbersOf(
  files: DurableFiles,
  paths: PlacePaths,
  orphans: readonly string[],
  { index }: VisibleParts,
): Promise<boolean> {
  const replaced = new Set(index.replaced);
  const unexplained = orphans.filter((name) => !replaced.has(name));
  if (unexplained.some((name) => name.startsWith('joined-'))) {
    if (!(await appendIndex(files, paths.index, { ...index, number: index.number + 1, replaced: [] }))) return false;
  }
  const commits = writeOnceIn(paths.commits, files);
  const shards = new Set(unexplained.map((name) => Number(/^shard-(\d+)\./.exec(name)?.[1] ?? -1)));
  for (const shard of shards) {
    if (shard < 0) continue;
    const log = await readLog(commits, shard);
    const recorded = new Set(log.map(({ part }) => part));
    if (unexplained.every((name) => !name.startsWith(`shard-${String(shard).padStart(6, '0')}.`) || recorded.has(name)))
      continue;
    if (!(await appendRecord(commits, shard, log.length + 1, SEAL))) return false;
  }
  return true;
}

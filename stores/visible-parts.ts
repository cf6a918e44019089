import { join } from 'node:path';
import { isMissingFile } from './duckdb.ts';
import { readFreshRecords } from './fresh-records.ts';
import { absorbedByShard, readIndex } from './part-index.ts';
import type { Part, PartIndex } from './part-index.ts';
import { StoreMismatchError } from './ports.ts';
import type { PlacePaths } from './run-place.ts';
import { documentsIn } from './write-once.ts';

/** What readers see at one moment. */
export interface VisibleParts {
  readonly index: PartIndex;
  /** Parts of commit records that the index does not hold yet. */
  readonly fresh: readonly Part[];
  /** The highest record of each shard that was taken into account. */
  readonly highest: ReadonlyMap<number, number>;
}

/** Follows index and commit records, in this order: a record is either in the index or read afterwards. */
export async function findVisibleParts(paths: PlacePaths): Promise<VisibleParts> {
  const index = await readIndex(paths.index);
  const { records, highest } = await readFreshRecords(documentsIn(paths.commits), absorbedByShard(index));
  const fresh = records.flatMap(({ part, rowCount, sizeBytes }) =>
    part === null ? [] : [{ file: part, rows: rowCount, sizeBytes }],
  );
  return { index, fresh, highest };
}

/**
 * Calls `read` with the paths of all visible parts. A roll-up may remove parts meanwhile: then `read` is called again with
 * those that have taken their place.
 */
export async function readVisible<T>(paths: PlacePaths, read: (files: readonly string[]) => Promise<T>): Promise<T> {
  let before = '';
  for (;;) {
    const { index, fresh } = await findVisibleParts(paths);
    const files = [...index.parts, ...fresh].map(({ file }) => join(paths.parts, file));
    try {
      return await read(files);
    } catch (cause) {
      if (!isMissingFile(cause)) throw cause;
      const now = files.join('\n');
      if (now === before)
        throw new StoreMismatchError(`A part that holds visible rows is missing in ${paths.parts}.`, { cause });
      before = now;
    }
  }
}

import { join } from 'node:path';
import type { DurableFiles } from './durable-files.ts';
import { namesIn, readIfThere } from './durable-files.ts';
import { StoreMismatchError } from './ports.ts';

/** A file in the parts folder. */
export interface Part {
  readonly file: string;
  readonly rows: number;
  /** Of the rows as they were staged. */
  readonly sizeBytes: number;
}

/** What roll-ups have joined so far. The highest number wins; numbers are taken once each. */
export interface PartIndex {
  readonly number: number;
  readonly parts: readonly Part[];
  /** Neighbouring shards with the same number of absorbed commit records: `[first shard, last shard, highest record]`. */
  readonly absorbed: readonly (readonly [number, number, number])[];
  /** Files that the index before this one needed and this one does not. */
  readonly replaced: readonly string[];
}

const NO_INDEX: PartIndex = { number: 0, parts: [], absorbed: [], replaced: [] };

/** The index in force. */
export async function readIndex(folder: string): Promise<PartIndex> {
  const numbers = (await namesIn(folder)).map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0));
  const number = numbers.reduce((a, b) => Math.max(a, b), 0);
  if (number === 0) return NO_INDEX;
  const path = join(folder, indexName(number));
  const bytes = await readIfThere(path);
  if (bytes === undefined) throw new StoreMismatchError(`The index ${path} has gone.`);
  try {
    return JSON.parse(bytes.toString()) as PartIndex;
  } catch (cause) {
    throw new StoreMismatchError(`The index ${path} is damaged.`, { cause });
  }
}

/** Puts an index in force; false when another of this number is. */
export async function appendIndex(files: DurableFiles, folder: string, index: PartIndex): Promise<boolean> {
  return files.createOnce('index', join(folder, indexName(index.number)), JSON.stringify(index));
}

/** How many records of each shard's log the index holds already. */
export function absorbedByShard(index: Pick<PartIndex, 'absorbed'>): Map<number, number> {
  const absorbed = new Map<number, number>();
  for (const [first, last, highest] of index.absorbed) {
    for (let shard = first; shard <= last; shard++) absorbed.set(shard, highest);
  }
  return absorbed;
}

/** The inverse of `absorbedByShard`. */
export function toAbsorbed(byShard: ReadonlyMap<number, number>): PartIndex['absorbed'] {
  const runs: [number, number, number][] = [];
  for (const [shard, highest] of [...byShard].toSorted(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last?.[1] === shard - 1 && last[2] === highest) last[1] = shard;
    else runs.push([shard, shard, highest]);
  }
  return runs;
}

function indexName(number: number): string {
  return `${String(number).padStart(6, '0')}.json`;
}

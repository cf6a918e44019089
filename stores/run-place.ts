import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { shardName } from '../contracts/ids.ts';
import type { RunPlace, StoreSpec } from '../contracts/run.ts';
import type { Segment } from '../contracts/shard.ts';
import { StoreMismatchError } from './ports.ts';

/** Where the results of one execution of a run live. */
export function makeRunPlace(input: {
  readonly runId: string;
  /** The first execution id of the run's chain. */
  readonly executionId: string;
  readonly store: StoreSpec;
  readonly prompt: string;
}): RunPlace {
  return { store: input.store, key: placeKey(input.runId, input.executionId), prompt: input.prompt };
}

/** Slug of the run id and 10 hex digits, so that two runs never share a folder, whatever their ids look like. */
export function placeKey(runId: string, executionId: string): string {
  const hash = createHash('sha256').update(`${runId}\0${executionId}`).digest('hex').slice(0, 10);
  return `${slugOf(runId)}-${hash}`;
}

/** What the keys of all executions of a run begin with. */
function slugOf(runId: string): string {
  const slug = runId
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
  return slug === '' ? 'run' : slug;
}

/** Whether a key, or what begins with one, may be of a run: which of its executions it was is not asked. Tables have `_` for `-`. */
export function mayBeOfRun(key: string, runId: string): boolean {
  const [name, slug] = [key, slugOf(runId)].map((text) => text.replaceAll('-', '_')) as [string, string];
  return name.startsWith(`${slug}_`) && /^[0-9a-f]{10}(?:_|$)/.test(name.slice(slug.length + 1));
}

/** Identifies a row across runs and stores: 32 hex digits. */
export function rowKey(runId: string, assetId: string): string {
  return createHash('sha256').update(`${runId}\0${assetId}`).digest('hex').slice(0, 32);
}

/** The files of one place. */
export interface PlacePaths {
  readonly manifest: string;
  readonly manifestNote: string;
  /** Without its ending, `.csv` or `.jsonl`. */
  readonly rejects: string;
  readonly staged: string;
  readonly parts: string;
  readonly commits: string;
  readonly index: string;
}

export function placePaths(place: RunPlace): PlacePaths {
  const root = resolve(storeFolder(place.store));
  const results = join(root, 'results', safeName(place.prompt), safeName(place.key));
  return {
    manifest: join(root, 'manifests', `${safeName(place.key)}.parquet`),
    manifestNote: join(root, 'manifests', `${place.key}.json`),
    rejects: join(root, 'manifests', `${place.key}.rejects`),
    staged: join(results, 'staged'),
    parts: join(results, 'parts'),
    commits: join(results, 'commits'),
    index: join(results, 'index'),
  };
}

/** The folder of a store of files; `StoreMismatchError` for any other. */
export function storeFolder(store: StoreSpec): string {
  if (store.kind === 'parquet') return store.path;
  throw new StoreMismatchError(`Results in ${store.kind} are no files.`);
}

/** `shard-000042.<execution id>.0`: the name of a segment in file names and in the `segment` column. */
export function segmentName(segment: Segment): string {
  return `${shardName(segment.shard)}.${safeName(segment.executionId)}.${segment.number}`;
}

function safeName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,199}$/.test(name)) {
    throw new StoreMismatchError(`${JSON.stringify(name)} cannot be part of a file name.`);
  }
  return name;
}

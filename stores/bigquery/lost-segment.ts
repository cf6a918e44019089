import type { RunPlace } from '../../contracts/run.ts';
import type { Segment } from '../../contracts/shard.ts';
import { StoreLostError, StoreMismatchError } from '../ports.ts';
import { segmentName } from '../run-place.ts';
import { checkThere } from './check-there.ts';
import { lookAtStream } from './commit-stream.ts';
import type { StoreDataset } from './dataset.ts';
import { calling } from './google-errors.ts';
import { RUN_KEY } from './result-table.ts';
import { resultTable } from './result-table-name.ts';

/**
 * To be called when a call did not find the stream of a segment that nobody has asked to commit. Throws `StoreLostError` when the
 * stream is surely gone and has left no row behind, and `StoreUnavailableError` when its table is not there.
 */
export async function failIfLost(
  store: StoreDataset,
  place: RunPlace,
  segment: Segment,
  stream: string,
): Promise<void> {
  const state = await lookAtStream(store, stream);
  await checkThere(store, resultTable(place));
  if (state !== 'gone') return;
  if ((await countVisible(store, place, segment)) === 0) throw lostSegment(segment);
  throw new StoreMismatchError(`Another execution has made ${segmentName(segment)} visible.`);
}

/** Visible rows of a segment: all that its stream had, or none. */
export async function countVisible(store: StoreDataset, place: RunPlace, segment: Segment): Promise<number> {
  const table = store.quoted(resultTable(place));
  const sql = `SELECT COUNT(*) AS found FROM ${table} WHERE ${RUN_KEY} = @key AND shard = @shard AND segment = @segment`;
  const params = { key: place.key, shard: segment.shard, segment: segmentName(segment) };
  const [row] = await calling(`count rows of ${table}`, () => store.query(sql, params));
  return Number(row?.['found']);
}

export function lostSegment(segment: Segment): StoreLostError {
  return new StoreLostError(`The staged rows of ${segmentName(segment)} are gone and were never visible.`);
}

import { shardName } from '../../contracts/ids.ts';
import type { RunPlace } from '../../contracts/run.ts';
import type { Segment } from '../../contracts/shard.ts';
import { StoreMismatchError } from '../ports.ts';
import { segmentName } from '../run-place.ts';
import type { StoreDataset } from './dataset.ts';
import { openJobLog } from './job-log.ts';
import type { JobLog } from './job-log.ts';

/**
 * One step of a shard. Without a stream: an execution takes the shard over. With one: the execution opens the stream of a
 * segment. The shard belongs to the execution of the last entry; whoever wrote one before has been taken over from.
 */
export interface ShardStep {
  readonly executionId: string;
  readonly segment?: string;
  readonly stream?: string;
}

export function openShardLog(store: StoreDataset, place: RunPlace, shard: number): JobLog<ShardStep> {
  return openJobLog(store, `${place.key}_${shardName(shard)}`);
}

/** Makes an execution the owner of a shard; `settle` is called with the streams of all before, until no other was opened meanwhile. */
export async function takeShardOver(
  log: JobLog<ShardStep>,
  executionId: string,
  settle: (streams: readonly string[]) => Promise<void>,
): Promise<void> {
  for (;;) {
    const steps = await log.read();
    if (isOwner(steps, executionId)) return;
    await settle(steps.flatMap(({ stream }) => (stream === undefined ? [] : [stream])));
    if (await log.append(steps.length + 1, { executionId })) return;
  }
}

/** The stream of a segment, the same one at each call. `create` makes one; streams that nobody names are never visible. */
export async function streamOfSegment(
  log: JobLog<ShardStep>,
  segment: Segment,
  create: () => Promise<string>,
): Promise<string> {
  const name = segmentName(segment);
  let created: string | undefined;
  for (;;) {
    const steps = await log.read();
    if (!isOwner(steps, segment.executionId)) {
      throw new StoreMismatchError(`${shardName(segment.shard)} was not taken over by ${segment.executionId}.`);
    }
    const opened = steps.find((step) => step.segment === name)?.stream;
    if (opened !== undefined) return opened;
    created ??= await create();
    const step = { executionId: segment.executionId, segment: name, stream: created };
    if (await log.append(steps.length + 1, step)) return created;
  }
}

function isOwner(steps: readonly ShardStep[], executionId: string): boolean {
  const last = steps.at(-1)?.executionId;
  if (last !== executionId && steps.some((step) => step.executionId === executionId)) {
    throw new StoreMismatchError(`The execution ${last} has taken the shard over from ${executionId}.`);
  }
  return last === executionId;
}

import {
  ChildWorkflowCancellationType,
  continueAsNew,
  executeChild,
  ParentClosePolicy,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { shardWorkflowId } from '../../contracts/ids.ts';
import { RUN_PRIORITY } from '../../contracts/queues.ts';
import { laneActivities } from '../../workflows/activity-proxies.ts';
import { callInput, type BareRunInput, type BareShardInput } from './shape.ts';

/** The fan-out that anybody would write first: a window of children slides over the rows, and nothing is kept. */
export async function bareRun(input: BareRunInput): Promise<number> {
  const { total, limits } = input;
  let nextRow = input.nextRow ?? 0;
  const startChildren = async (): Promise<void> => {
    while (nextRow < total && !workflowInfo().continueAsNewSuggested) {
      const start = nextRow;
      nextRow = Math.min(total, start + limits.shardSize);
      await runShard(input, start, nextRow);
    }
  };
  await Promise.all(Array.from({ length: limits.shardsInFlight }, startChildren));
  if (nextRow < total) await continueAsNew<typeof bareRun>({ ...input, nextRow });
  return total;
}

async function runShard({ limits, folder }: BareRunInput, start: number, end: number): Promise<void> {
  const runId = workflowInfo().workflowId;
  const shard = start / limits.shardSize;
  await executeChild(bareShard, {
    workflowId: shardWorkflowId(runId, shard),
    args: [{ runId, shard, start, end, limits, folder }],
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    priority: { priorityKey: RUN_PRIORITY, fairnessKey: runId },
  });
}

/** One activity per row, a fixed number in flight. Queue, timeouts, heartbeats, retries and priority are Sightline's own. */
export async function bareShard(input: BareShardInput): Promise<number> {
  const lane = laneActivities('noop', input.runId);
  let nextRow = input.start;
  let succeeded = 0;
  const callOneByOne = async (): Promise<void> => {
    while (nextRow < input.end) {
      const { kind } = await lane.analyzeAsset(callInput(input, nextRow++));
      if (kind === 'succeeded') succeeded += 1;
    }
  };
  await Promise.all(Array.from({ length: input.limits.assetsInFlight }, callOneByOne));
  return succeeded;
}

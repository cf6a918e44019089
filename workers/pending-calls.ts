import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

const { PendingActivityState, WorkflowExecutionStatus } = proto.temporal.api.enums.v1;
export const CALL_TYPE = 'analyzeAsset';

export interface PendingCall {
  readonly activityId: string;
  /** From 1; the one that is under way. */
  readonly attempt: number;
  /** Of the worker that the server gave it to. */
  readonly identity: string;
}

export interface PendingCalls {
  /** False: the shard has ended. */
  readonly isOpen: boolean;
  /** Those that the server has given to a worker and heard no end of. */
  readonly calls: readonly PendingCall[];
}

/** The calls of a shard as the server knows them. */
export async function readPendingCalls(client: Client, shardId: string): Promise<PendingCalls> {
  const { pendingActivities, workflowExecutionInfo } = await client.workflowService.describeWorkflowExecution({
    namespace: client.options.namespace,
    execution: { workflowId: shardId },
  });
  const calls = (pendingActivities ?? [])
    .filter(({ activityType, state }) => activityType?.name === CALL_TYPE && isUnderWay(state))
    .map((pending) => ({
      activityId: pending.activityId ?? '',
      attempt: pending.attempt ?? 1,
      identity: pending.lastWorkerIdentity ?? '',
    }));
  return { isOpen: workflowExecutionInfo?.status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING, calls };
}

function isUnderWay(state: proto.temporal.api.enums.v1.PendingActivityState | null | undefined): boolean {
  return (
    state === PendingActivityState.PENDING_ACTIVITY_STATE_STARTED ||
    state === PendingActivityState.PENDING_ACTIVITY_STATE_PAUSE_REQUESTED ||
    state === PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED
  );
}

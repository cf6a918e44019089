import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { LaneActivities, RunActivities } from '../contracts/activities.ts';
import { laneQueue, RUN_PRIORITY, RUN_QUEUE } from '../contracts/queues.ts';
import { LOST_FAILURE_TYPES } from '../contracts/lost-calls.ts';

/**
 * Calls of an analyzer. Only what is surely unpaid is retried in here, and only for seconds: everything else returns to the
 * shard, which counts and decides. Without an explicit cancellation type the SDK would drop the answer of a call under way.
 */
export function laneActivities(lane: string, runId: string, priorityKey: number = RUN_PRIORITY): LaneActivities {
  return proxyActivities<LaneActivities>({
    taskQueue: laneQueue(lane),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    // A model call with many images and thinking may take minutes.
    startToCloseTimeout: '15 minutes',
    heartbeatTimeout: '10 seconds',
    // A lane that nobody polls is noticed; the row is then routed again.
    scheduleToStartTimeout: '1 hour',
    retry: {
      initialInterval: '1 second',
      maximumAttempts: 3,
      nonRetryableErrorTypes: [...LOST_FAILURE_TYPES],
    },
    priority: { priorityKey, fairnessKey: runId },
  });
}

const STORE_PATIENCE = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '20 seconds' } as const;

/** Activities that read and write the store: tried for a day, so that a full disk or a lost share only delays the run. */
export const storeActivities = proxyActivities<RunActivities>({
  taskQueue: RUN_QUEUE,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // Time for one attempt; a batch or part is at most a few MB. A worker that is gone is noticed by its heartbeats.
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: STORE_PATIENCE,
});

/** Activities that go over a whole source or a whole result: long, and heartbeating. */
export const wholeRunActivities = proxyActivities<RunActivities>({
  taskQueue: RUN_QUEUE,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  startToCloseTimeout: '6 hours',
  scheduleToCloseTimeout: '24 hours',
  heartbeatTimeout: '30 seconds',
  retry: STORE_PATIENCE,
});

/** Small calls to the Temporal server itself; `holdCalls` waits for calls under way and heartbeats. */
export const controlActivities = proxyActivities<RunActivities>({
  taskQueue: RUN_QUEUE,
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds' },
});

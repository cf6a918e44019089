import { setTimeout as delay } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import {
  type ActivityInboundCallsInterceptor,
  type NativeConnection,
  Worker,
  type WorkerOptions,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Activities } from '../activities/index.ts';
import type { AnalyzeAssetInput } from '../contracts/activities.ts';
import { shardWorkflowId } from '../contracts/ids.ts';
import { laneQueue, RUN_QUEUE } from '../contracts/queues.ts';
import type { CallLedger } from './call-ledger.ts';
import type { CallsHere } from './calls-here.ts';
import type { Lane } from './lanes.ts';

export const WORKER_ROLES = ['run', 'analyze'] as const;
/** `run`: workflows and everything that reads and writes; `analyze`: the lanes. */
export type WorkerRole = (typeof WORKER_ROLES)[number];

export interface WorkersInput {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Of this process, at the server. */
  readonly identity: string;
  readonly roles: readonly WorkerRole[];
  readonly lanes: readonly Lane[];
  readonly activities: Activities;
  readonly bundle: WorkflowBundleWithSourceMap | undefined;
  readonly ledger: CallLedger;
  readonly callsHere: CallsHere;
  readonly logger: Logger;
  readonly graceMs: number;
  /** Tests only: 0 replays every workflow at every task. Default: what fits the memory. */
  readonly maxCachedWorkflows?: number;
}

/** Of every Temporal worker; `graceMs`: how long calls under way may take when it stops. */
export function workerOptions(graceMs: number) {
  return {
    shutdownGraceTime: graceMs,
    shutdownForceTime: graceMs + 10_000,
    // A pause or cancellation reaches a call with its next heartbeat, so those of calls that wait must not be swallowed.
    maxHeartbeatThrottleInterval: 1_000,
  } satisfies Partial<WorkerOptions>;
}

/** Of a worker that carries workflows, besides. */
export const RUN_WORKER_OPTIONS = {
  // What a killed worker costs each workflow that it had cached.
  stickyQueueScheduleToStartTimeout: 1_000,
  // Workflow code runs on one thread: a task that waits behind many others in here would time out, in the queue it cannot.
  maxConcurrentWorkflowTaskExecutions: 10,
} satisfies Partial<WorkerOptions>;

/** One Temporal worker for the run queue and one per lane; lanes carry no workflow bundle. */
export async function createWorkers(input: WorkersInput): Promise<Worker[]> {
  const common = {
    connection: input.connection,
    namespace: input.namespace,
    identity: input.identity,
    ...workerOptions(input.graceMs),
  } satisfies Partial<WorkerOptions>;
  const workers: Worker[] = [];
  if (input.roles.includes('run')) {
    if (!input.bundle) throw new TypeError('a worker with the role run needs the bundle of workflows');
    workers.push(
      await Worker.create({
        ...common,
        ...RUN_WORKER_OPTIONS,
        taskQueue: RUN_QUEUE,
        workflowBundle: input.bundle,
        activities: input.activities.run,
        interceptors: { activity: [() => ({ inbound: createStepWatch(input.ledger) })] },
        ...(input.maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows: input.maxCachedWorkflows }),
      }),
    );
  }
  if (input.roles.includes('analyze')) {
    for (const { lane, slots, answersEveryMs } of input.lanes) {
      const inbound = createCallWatch(input, answersEveryMs);
      workers.push(
        await Worker.create({
          ...common,
          taskQueue: laneQueue(lane),
          activities: input.activities.lane,
          maxConcurrentActivityTaskExecutions: slots,
          interceptors: { activity: [() => ({ inbound })] },
        }),
      );
    }
  }
  return workers;
}

function createStepWatch(ledger: CallLedger): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const { taskToken } = activityInfo();
      ledger.add(taskToken, 'step');
      try {
        return await next(input);
      } finally {
        ledger.remove(taskToken);
      }
    },
  };
}

/**
 * Lists each call while it is held, and logs those that do not end well. Answers that end within the same `answersEveryMs` go
 * back together: then a shard takes several in with one workflow task.
 */
function createCallWatch(
  { ledger, callsHere, logger }: WorkersInput,
  answersEveryMs: number,
): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const { taskToken, activityId } = activityInfo();
      const { runId, shard, asset } = input.args[0] as AnalyzeAssetInput;
      const call = { shardId: shardWorkflowId(runId, shard), activityId };
      ledger.add(taskToken, 'call');
      callsHere.add(call);
      try {
        const answer = await next(input);
        if (answersEveryMs > 0) await delay(answersEveryMs - (Date.now() % answersEveryMs));
        return answer;
      } catch (error) {
        const { type, message } = error as { type?: string; message?: string };
        logger.info({ runId, shard, assetId: asset.assetId, failure: type, reason: message }, 'call came back');
        throw error;
      } finally {
        ledger.remove(taskToken);
        callsHere.remove(call);
      }
    },
  };
}

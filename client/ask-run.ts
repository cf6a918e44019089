import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import pLimit from 'p-limit';
import { shardWorkflowId } from '../contracts/ids.ts';
import { shardReportQuery, snapshotQuery, type ShardReport } from '../contracts/messages.ts';
import type { Progress } from '../contracts/run.ts';
import { allEnded } from './all-ended.ts';
import { callTemporal, GRPC, grpcCode } from './call-temporal.ts';
import { findTroubles } from './find-troubles.ts';
import { refineProgress } from './refine-progress.ts';

/** How long a worker may take to answer a query before we say that none answers. */
const ANSWER_WITHIN_MS = 2_000;
const SHARDS_AT_ONCE = 8;

/** Asks a run that is open, and each of its open shards. Null when no worker answers. */
export async function askRun(client: Client, description: WorkflowExecutionDescription): Promise<Progress | null> {
  const { workflowId } = description;
  const snapshot = await answerOf(client, () => client.workflow.getHandle(workflowId).query(snapshotQuery));
  if (!snapshot) return null;
  const limit = pLimit(SHARDS_AT_ONCE);
  const shards = await allEnded(
    snapshot.open.map(({ shard }) => limit(() => askShard(client, shardWorkflowId(workflowId, shard)))),
  );
  const reports = shards.flatMap(({ report }) => (report ? [report] : []));
  const descriptions = shards.flatMap((asked) => (asked.description ? [asked.description] : []));
  const progress = refineProgress(snapshot, reports, Date.now());
  const troubles = findTroubles([description, ...descriptions]);
  return { ...progress, notes: [...progress.notes, ...troubles] };
}

interface AskedShard {
  readonly report: ShardReport | null;
  readonly description: WorkflowExecutionDescription | null;
}

/** A shard that has ended meanwhile, or does not answer, only makes the counts a little older. */
async function askShard(client: Client, workflowId: string): Promise<AskedShard> {
  const handle = client.workflow.getHandle(workflowId);
  const [report, description] = await allEnded([
    answerOf(client, () => handle.query(shardReportQuery)),
    answerOf(client, () => handle.describe()),
  ]);
  return { report, description };
}

async function answerOf<T>(client: Client, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, ask);
  } catch (error) {
    if (isSilence(error)) return null;
    throw error;
  }
}

const SILENCE: readonly (number | undefined)[] = [
  GRPC.cancelled,
  GRPC.deadlineExceeded,
  GRPC.unavailable,
  GRPC.notFound,
  GRPC.failedPrecondition,
];

/** No worker, one that is too busy, or one whose code is older than the query. */
function isSilence(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const names = ['WorkflowNotFoundError', 'QueryNotRegisteredError', 'QueryRejectedError'];
  return names.includes(error.name) || SILENCE.includes(grpcCode(error));
}

/** Whether a worker has asked for work of this queue within the last long poll. */
export async function isPolled(
  client: Client,
  taskQueue: string,
  type: keyof typeof QUEUE_TYPES = 'workflow',
): Promise<boolean> {
  const { pollers } = await callTemporal(client, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: QUEUE_TYPES[type],
    }),
  );
  const sinceMs = Date.now() - POLL_LASTS_MS;
  return (pollers ?? []).some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 >= sinceMs);
}

const QUEUE_TYPES = { workflow: 1, activity: 2 } as const;
/** A poll lasts a minute; the server lists pollers for five. */
const POLL_LASTS_MS = 70_000;

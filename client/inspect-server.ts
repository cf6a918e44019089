import type { Client } from '@temporalio/client';
import { laneQueue, RUN_QUEUE } from '../contracts/queues.ts';
import { allEnded } from './all-ended.ts';
import { isPolled } from './ask-run.ts';
import { callTemporal } from './call-temporal.ts';

/** What can be asked of a Temporal server before a run needs it. */
export interface ServerFacts {
  readonly version: string;
  readonly namespace: string;
  /** The queue of runs, then those of the lanes. */
  readonly queues: readonly QueueFacts[];
}

export interface QueueFacts {
  readonly name: string;
  /** Whether a worker asks it for work. */
  readonly isPolled: boolean;
  /** Parts in which the server keeps it; null when it does not say. */
  readonly partitions: number | null;
}

export async function inspectServer(client: Client, lanes: readonly string[]): Promise<ServerFacts> {
  const { serverVersion } = await callTemporal(client, () => client.workflowService.getSystemInfo({}));
  const queues = [
    await inspectQueue(client, RUN_QUEUE, 'workflow'),
    ...(await allEnded(lanes.map((lane) => inspectQueue(client, laneQueue(lane), 'activity')))),
  ];
  return { version: serverVersion ?? '', namespace: client.options.namespace, queues };
}

async function inspectQueue(client: Client, name: string, type: 'workflow' | 'activity'): Promise<QueueFacts> {
  return { name, isPolled: await isPolled(client, name, type), partitions: await countPartitions(client, name) };
}

async function countPartitions(client: Client, name: string): Promise<number | null> {
  try {
    const { activityTaskQueuePartitions } = await callTemporal(client, () =>
      client.workflowService.listTaskQueuePartitions({
        namespace: client.options.namespace,
        taskQueue: { name },
      }),
    );
    return activityTaskQueuePartitions?.length ?? null;
  } catch (error) {
    // Older servers, and those of other people, need not answer this.
    if (error instanceof Error && error.name === 'NoTemporalServer') throw error;
    return null;
  }
}

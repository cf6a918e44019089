import type { Client } from '@temporalio/client';
import { shardWorkflowId } from '../../contracts/ids.ts';

/** What the first shard of a run and the last execution of its parent look like in Temporal. */
export interface HistoryFacts {
  /** Events of the first shard per asset of it. */
  readonly eventsPerAsset: number;
  readonly workflowTasksPerAsset: number;
  /** Mean size of what one analysis is given and answers, in bytes. */
  readonly inputBytes: number;
  readonly outputBytes: number;
}

const ACTIVITY = 'analyzeAsset';

export async function readHistoryFacts(client: Client, runId: string): Promise<HistoryFacts> {
  const { events } = await client.workflow.getHandle(shardWorkflowId(runId, 0)).fetchHistory();
  const all = events ?? [];
  const scheduled = all.filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === ACTIVITY);
  const ids = new Set(scheduled.map(({ eventId }) => String(eventId)));
  const completed = all.flatMap(({ activityTaskCompletedEventAttributes: done }) =>
    done && ids.has(String(done.scheduledEventId)) ? [done] : [],
  );
  const assets = scheduled.length;
  return {
    eventsPerAsset: all.length / assets,
    workflowTasksPerAsset: all.filter((event) => event.workflowTaskStartedEventAttributes).length / assets,
    inputBytes: mean(scheduled.map((event) => sizeOf(event.activityTaskScheduledEventAttributes?.input))),
    outputBytes: mean(completed.map(({ result }) => sizeOf(result))),
  };
}

interface Payloads {
  readonly payloads?: readonly { readonly data?: Uint8Array | null }[] | null;
}

function sizeOf(payloads: Payloads | null | undefined): number {
  return (payloads?.payloads ?? []).reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import type { Client } from '@temporalio/client';
import { WORKFLOWS } from '../contracts/messages.ts';
import { callTemporal } from './call-temporal.ts';

const LIST_WITHIN_MS = 15_000;

/** Ids of the runs that go on, and of those that were terminated while shards of theirs still commit. */
export async function listUnderWay(client: Client): Promise<readonly string[]> {
  const types = [WORKFLOWS.analyzeRun, WORKFLOWS.analyzeShard].map((type) => `'${type}'`).join(', ');
  const query = `WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`;
  const open = await callTemporal(client, () => Array.fromAsync(client.workflow.list({ query })), LIST_WITHIN_MS);
  return [...new Set(open.map(({ workflowId }) => workflowId.split('/')[0] ?? workflowId))].toSorted();
}

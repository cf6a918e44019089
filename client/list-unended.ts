import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { RunRecord } from '../contracts/run.ts';
import type { RunRecords } from '../stores/ports.ts';
import { allEnded } from './all-ended.ts';
import { describeRun } from './find-run.ts';

const ASKED_AT_ONCE = 8;

/**
 * Ids of the runs whose record has no end, and of which this server does not know that they have ended: another server may still
 * have them, or they were lost.
 */
export async function listUnended(client: Client, records: RunRecords): Promise<readonly string[]> {
  const open = (await records.list()).filter(({ endedAt }) => endedAt === null);
  const limit = pLimit(ASKED_AT_ONCE);
  const known = await allEnded(open.map((record) => limit(() => isKnownAsEnded(client, record))));
  return open.flatMap(({ runId }, at) => (known[at] === true ? [] : [runId])).toSorted();
}

async function isKnownAsEnded(client: Client, { runId, executionId }: RunRecord): Promise<boolean> {
  const description = await describeRun(client, runId);
  if (description === null || description.status.name === 'RUNNING') return false;
  // Another server may have had a run of its own by the same id.
  return description.raw.workflowExecutionInfo?.firstRunId === executionId;
}

import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { WORKFLOWS } from '../contracts/messages.ts';
import type { RunRecord } from '../contracts/run.ts';
import type { RunRecords } from '../stores/ports.ts';
import { allEnded } from './all-ended.ts';
import { callTemporal } from './call-temporal.ts';
import { describeRun, withName } from './find-run.ts';
import { lastKnown, readOpenRun, viewOfRecord, type KnownRun } from './read-run.ts';
import type { RunView } from './run-view.ts';

export interface ListedRun {
  readonly view: RunView;
  readonly record: RunRecord | null;
}

export interface ListQuery {
  /** The newest so many, 1 to 1,000; default 100. */
  readonly limit?: number;
}

/** Open runs that are asked for fresh counts; the others show what Temporal last heard. */
const ASKED_AT_MOST = 16;
const ASKED_AT_ONCE = 4;

/** Runs of Temporal joined with run records, newest first. */
export async function listRuns(
  client: Client,
  records: RunRecords,
  query: ListQuery = {},
): Promise<readonly ListedRun[]> {
  const limit = query.limit ?? 100;
  const [known, kept] = await allEnded([listKnown(client, limit), records.list()]);
  const recordOf = new Map(kept.map((record) => [record.runId, record]));
  const fromTemporal = [...newestOfEach(known).values()].map((run): ListedRun =>
    toListed(run, recordOf.get(run.workflowId) ?? null),
  );
  const seen = new Set(fromTemporal.map(({ view }) => view.runId));
  const forgotten = kept
    .filter(({ runId }) => !seen.has(runId))
    .map((record): ListedRun => ({ record, view: viewOfRecord(record) }));
  const newest = [...fromTemporal, ...forgotten]
    .toSorted((a, b) => b.view.startedAt.localeCompare(a.view.startedAt))
    .slice(0, limit);
  return refresh(client, newest, known);
}

interface ListedExecution extends KnownRun {
  readonly firstRunId: string;
}

async function listKnown(client: Client, limit: number): Promise<readonly ListedExecution[]> {
  const query = `WorkflowType = '${WORKFLOWS.analyzeRun}' AND ExecutionStatus != 'ContinuedAsNew'`;
  const found: ListedExecution[] = [];
  await callTemporal(
    client,
    async () => {
      for await (const run of client.workflow.list({ query, pageSize: Math.min(limit, 1_000) })) {
        found.push({ ...run, firstRunId: run.raw.firstRunId ?? '' });
        if (found.length >= limit) return;
      }
    },
    LIST_WITHIN_MS,
  );
  return found;
}

const LIST_WITHIN_MS = 15_000;

/** An id that was used again is listed once for each execution. */
function newestOfEach(known: readonly ListedExecution[]): ReadonlyMap<string, ListedExecution> {
  const newest = new Map<string, ListedExecution>();
  for (const run of known) {
    const other = newest.get(run.workflowId);
    if (!other || other.startTime < run.startTime) newest.set(run.workflowId, run);
  }
  return newest;
}

function toListed(run: ListedExecution, record: RunRecord | null): ListedRun {
  return { record, view: record && isRefused(run, record) ? viewOfRecord(record) : withName(lastKnown(run), record) };
}

/** A later execution that used the id again: it was refused and failed, while the run that has the record ended otherwise. */
function isRefused(run: ListedExecution, record: RunRecord): boolean {
  if (run.closeTime === undefined) return false;
  if (run.firstRunId !== '') return run.firstRunId !== record.executionId;
  // Not every server lists the first execution id.
  return run.status.name === 'FAILED' && record.endedAt !== null && record.state !== 'failed';
}

async function refresh(
  client: Client,
  runs: readonly ListedRun[],
  known: readonly ListedExecution[],
): Promise<readonly ListedRun[]> {
  const open = new Set(known.filter(({ status }) => status.name === 'RUNNING').map(({ workflowId }) => workflowId));
  const asked = new Set(runs.filter(({ view }) => open.has(view.runId)).slice(0, ASKED_AT_MOST));
  const limit = pLimit(ASKED_AT_ONCE);
  return allEnded(
    runs.map(async (run) =>
      asked.has(run)
        ? limit(async () => ({ ...run, view: withName(await freshView(client, run.view), run.record) }))
        : run,
    ),
  );
}

async function freshView(client: Client, view: RunView): Promise<RunView> {
  const description = await describeRun(client, view.runId);
  if (!description) return view;
  return description.status.name === 'RUNNING' ? readOpenRun(client, description) : lastKnown(description);
}

import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import type { RunRecord } from '../contracts/run.ts';
import { callTemporal } from './call-temporal.ts';
import { RunNotFound } from './client-errors.ts';
import { findRecord, type RunStores } from './find-record.ts';
import { lastKnown, readFailure, readOpenRun, viewOfRecord, type KnownRun } from './read-run.ts';
import type { RunView } from './run-view.ts';

export interface FoundRun {
  readonly view: RunView;
  readonly record: RunRecord | null;
}

/** Where a run stands, by asking its workers, Temporal and the record, in this order. Throws `RunNotFound`. */
export async function findRun(client: Client, stores: RunStores, runId: string): Promise<FoundRun> {
  const describing = describeRun(client, runId);
  const reading = readRecord(stores, runId, () => describing.then((found) => tellingOf(client, found)));
  const description = await describing;
  const kept = await (description?.status.name === 'RUNNING' ? soon(reading) : reading);
  const { record } = kept;
  if (!description) {
    if (record) return { record, view: viewOfRecord(record) };
    throw new RunNotFound(kept.problem ?? `There is no run ${runId}.`);
  }
  if (record && isOther(record, description)) return { record, view: viewBeside(record) };
  const view = withNotes(withName(await readKnown(client, description), record), record);
  return { record, view: withNote(view, kept.problem) };
}

/** Temporal knows the name that a run was started with; people may have given it another one since. */
export function withName(view: RunView, record: RunRecord | null): RunView {
  return record ? { ...view, name: record.name } : view;
}

/** The record of a run that has ended also says what was found out when it was written. */
function withNotes(view: RunView, record: RunRecord | null): RunView {
  const isLast = record !== null && record.endedAt !== null && record.state === view.state;
  return isLast ? { ...view, notes: record.notes } : view;
}

export async function describeRun(client: Client, runId: string): Promise<WorkflowExecutionDescription | null> {
  try {
    return await callTemporal(client, () => client.workflow.getHandle(runId).describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

async function readKnown(client: Client, description: WorkflowExecutionDescription): Promise<RunView> {
  if (description.status.name === 'RUNNING') return readOpenRun(client, description);
  const view = lastKnown(description);
  if (view.state !== 'failed' || view.failure) return view;
  const failure = await readFailure(client, description.workflowId);
  return failure ? { ...view, failure } : view;
}

/** The execution that tells where results go: one that was refused because the id was taken does not know. */
export async function tellingOf(client: Client, newest: WorkflowExecutionDescription | null): Promise<KnownRun | null> {
  if (newest?.status.name !== 'FAILED' || lastKnown(newest).store !== undefined) return newest;
  const query = `WorkflowId = '${newest.workflowId}'`;
  const all = await callTemporal(client, () => Array.fromAsync(client.workflow.list({ query })));
  return all.find((run) => lastKnown(run).store !== undefined) ?? newest;
}

/** Temporal lets an id be used again after its run has ended; `prepareRun` refuses that, and the first run stays the run. */
function isOther(record: RunRecord, { raw, status }: WorkflowExecutionDescription): boolean {
  const first = raw.workflowExecutionInfo?.firstRunId;
  return status.name !== 'RUNNING' && Boolean(first) && first !== record.executionId;
}

function viewBeside(record: RunRecord): RunView {
  const note = 'A later start with the same id was refused; this is the run that has the id.';
  return { ...viewOfRecord(record), notes: [note] };
}

interface KeptRecord {
  readonly record: RunRecord | null;
  /** Why it could not be read. */
  readonly problem?: string;
}

async function readRecord(...asked: Parameters<typeof findRecord>): Promise<KeptRecord> {
  try {
    return { record: (await findRecord(...asked)) ?? null };
  } catch (error) {
    return {
      record: null,
      problem: `Its record cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Temporal knows all of an open run but a name that it was given since: nobody waits for a store that does not answer. */
async function soon(reading: Promise<KeptRecord>): Promise<KeptRecord> {
  const done = new AbortController();
  const problem = `Its record cannot be read just now: no answer within ${RECORD_WITHIN_MS / 1_000} s`;
  try {
    return await Promise.race([reading, delay(RECORD_WITHIN_MS, { record: null, problem }, done)]);
  } finally {
    done.abort();
  }
}

const RECORD_WITHIN_MS = 2_000;

function withNote(view: RunView, note: string | undefined): RunView {
  return note === undefined ? view : { ...view, notes: [...view.notes, note] };
}

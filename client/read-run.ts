import { WorkflowFailedError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isFailureName } from '../contracts/failures.ts';
import { loadFolder } from '../contracts/load-folder.ts';
import { PROGRESS_MEMO } from '../contracts/messages.ts';
import { blankCounts, type Progress, type RunRecord, type RunState } from '../contracts/run.ts';
import { askRun } from './ask-run.ts';
import { callTemporal } from './call-temporal.ts';
import type { RunView } from './run-view.ts';

/** What Temporal says about a run when it lists it: no worker is needed for that. */
export interface KnownRun {
  readonly workflowId: string;
  readonly status: { readonly name: string };
  readonly startTime: Date;
  readonly closeTime?: Date;
  readonly memo?: Readonly<Record<string, unknown>>;
}

/** The state of an open run as its workers know it now, or else as Temporal last heard of it. */
export async function readOpenRun(client: Client, description: WorkflowExecutionDescription): Promise<RunView> {
  const progress = await askRun(client, description);
  if (progress) return { ...progress, seenIn: 'live', stale: false, endedAt: null };
  const last = lastKnown(description);
  return { ...last, stale: true, notes: [...last.notes, 'No worker answers: these are the last known counts.'] };
}

/** What the run itself has left in Temporal, with the state that Temporal knows better. */
export function lastKnown(run: KnownRun): RunView {
  const memo = run.memo?.[PROGRESS_MEMO] as Progress | undefined;
  const startedAt = run.startTime.toISOString();
  const progress = memo ?? blankProgress(run.workflowId, startedAt);
  const state = stateBy(run.status.name) ?? progress.state;
  const endedAt = run.closeTime?.toISOString() ?? null;
  const view: RunView = { ...progress, state, seenIn: 'last_known', stale: false, endedAt };
  if (endedAt === null || state === 'completed') return view;
  return { ...settled(view), notes: [...view.notes, ...notesBy(run.status.name, view)] };
}

/** The failure that ended a run, when it could not say so itself. */
export async function readFailure(client: Client, workflowId: string): Promise<Progress['failure']> {
  try {
    await callTemporal(client, () => client.workflow.getHandle(workflowId).result());
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    const named = cause instanceof ApplicationFailure && isFailureName(cause.type) ? cause.type : 'WorkerBug';
    return { name: named, message: cause?.message ?? error.message };
  }
}

/** A run that Temporal does not know any more, from what the store keeps. */
export function viewOfRecord(record: RunRecord): RunView {
  const unfinished = record.endedAt === null;
  const note = 'Temporal does not know this run any more; this is what its record says.';
  const lost = 'It had not ended when its record was written: it was deleted, or runs on another Temporal server.';
  const view: RunView = {
    runId: record.runId,
    name: record.name,
    state: unfinished ? 'terminated' : record.state,
    reasons: [],
    notes: [...record.notes, note, ...(unfinished ? [lost] : [])],
    counts: record.counts ?? blankCounts(record.plan.total),
    failures: record.failures,
    cost: record.cost,
    ratePerMinute: null,
    etaSeconds: null,
    startedAt: record.startedAt,
    updatedAt: record.endedAt ?? record.startedAt,
    shards: { running: 0, done: 0, total: 0 },
    seenIn: 'record',
    stale: false,
    endedAt: record.endedAt,
  };
  return record.failure ? { ...view, failure: record.failure } : view;
}

/** A run of which only its record can be read, because no server answers. */
export function viewWithoutServer(record: RunRecord): RunView {
  const isOpen = record.endedAt === null;
  const note = 'No Temporal server answers; this is what its record says.';
  const maybe = 'It had not ended when its record was written: it may be further, or over.';
  return {
    ...viewOfRecord(record),
    state: record.state,
    stale: isOpen,
    notes: [...record.notes, note, ...(isOpen ? [maybe] : [])],
  };
}

/** Calls that nobody waits for any more are not in flight. */
function settled(view: RunView): RunView {
  const { in_flight: inFlight, pending } = view.counts;
  return {
    ...view,
    reasons: [],
    ratePerMinute: null,
    etaSeconds: null,
    counts: { ...view.counts, in_flight: 0, pending: pending + inFlight },
    shards: { ...view.shards, running: 0 },
  };
}

function stateBy(status: string): RunState | undefined {
  switch (status) {
    case 'COMPLETED':
      return 'completed';
    case 'CANCELLED':
      return 'cancelled';
    case 'FAILED':
    case 'TIMED_OUT':
      return 'failed';
    case 'TERMINATED':
      return 'terminated';
    default:
      return undefined;
  }
}

function notesBy(status: string, { runId, store }: RunView): readonly string[] {
  if (status !== 'TERMINATED') return [];
  if (store?.kind === 'bigquery' && store.mode === 'load') {
    const parts = `gs://${store.bucket}/${loadFolder(store, `${runId}-*`)}/parts`;
    return [
      `Terminated in Temporal by an operator: no row was loaded. Those that were committed are in ${parts}; cancel a run to have them loaded. Start a new run for all of them.`,
    ];
  }
  return [
    'Terminated in Temporal by an operator: rows that were committed are kept, all others are missing. Start a new run for them.',
  ];
}

function blankProgress(runId: string, startedAt: string): Progress {
  return {
    runId,
    name: runId,
    state: 'preparing',
    reasons: [],
    notes: [],
    counts: blankCounts(0),
    failures: {},
    cost: { spentUsd: 0, unknown: 0 },
    ratePerMinute: null,
    etaSeconds: null,
    startedAt,
    updatedAt: startedAt,
    shards: { running: 0, done: 0, total: 0 },
  };
}

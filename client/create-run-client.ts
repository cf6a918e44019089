import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { pauseSignal, resumeSignal } from '../contracts/messages.ts';
import { failed, type Result } from '../contracts/failures.ts';
import type { Filter } from '../contracts/filter.ts';
import type { PromptField } from '../contracts/prompt.ts';
import { RUN_QUEUE } from '../contracts/queues.ts';
import type { RunPlace, RunRecord, RunRequest, RunSummary, StoreSpec } from '../contracts/run.ts';
import { parseFilter } from '../filters/parse-filter.ts';
import type { ResultQuery, ResultReader, ResultSummary, RunRecords, StoredRow } from '../stores/ports.ts';
import { isPolled } from './ask-run.ts';
import { callTemporal } from './call-temporal.ts';
import { NoTemporalServer, NoWorker, RunNotFound } from './client-errors.ts';
import { describeRun, findRun, tellingOf } from './find-run.ts';
import { findRecord, type RunStores } from './find-record.ts';
import { inspectServer, type ServerFacts } from './inspect-server.ts';
import { listNeeding, type NeedingRuns } from './list-needing.ts';
import { listRuns, type ListedRun, type ListQuery } from './list-runs.ts';
import type { KnownRun } from './read-run.ts';
import { hasEnded, type RunDetails, type RunView } from './run-view.ts';
import { registerSearchAttributes } from './register-search-attributes.ts';
import { startRun } from './start-run.ts';
import { waitForRun, type WaitOptions } from './wait-for-run.ts';

/** Everything a person or program does with runs. Each method throws the errors of `client-errors.ts` where they apply. */
export interface RunClient {
  /** Starts a run and returns its id at once. A bad request is found by the worker: `wait` or `progress` then say `failed`. */
  start(request: RunRequest, options?: { readonly runId?: string }): Promise<string>;
  progress(runId: string): Promise<RunView>;
  /** Progress, record, and the files of the results. */
  details(runId: string): Promise<RunDetails>;
  /** What the store keeps about a run; undefined when it is not in this data folder. Needs no server. */
  record(runId: string): Promise<RunRecord | undefined>;
  /** Gives a run another name; its id stays. Needs no server. Throws `RunNotFound` when this data folder does not have it. */
  rename(runId: string, name: string): Promise<void>;
  /** Nothing new starts, calls under way finish. Harmless to repeat, and on a run that has ended: then it returns false. */
  pause(runId: string, options?: NoteOption): Promise<boolean>;
  resume(runId: string, options?: NoteOption): Promise<boolean>;
  /** Temporal's own cancellation request. */
  cancel(runId: string, options?: NoteOption): Promise<boolean>;
  wait(runId: string, options?: WaitOptions): Promise<RunView>;
  /** Visible rows in the order of asset ids; a run that goes on has those of its committed segments. Needs no server. */
  results(runId: string, query?: Partial<ResultQuery>): Promise<readonly StoredRow[]>;
  /** Undefined when the asset has no visible row. */
  result(runId: string, assetId: string): Promise<StoredRow | undefined>;
  /** Files that hold its visible rows. Needs no server. */
  files(runId: string): Promise<readonly string[]>;
  /**
   * What all visible rows add up to, with these fields (default: those of its prompt); null while there is nothing to look at.
   * Needs no server.
   */
  summary(runId: string, fields?: readonly PromptField[]): Promise<ResultSummary | null>;
  /** What a run asked: its frozen prompt, analyzer and settings. Needs no server. Throws the errors of its store. */
  question(record: RunRecord): Promise<unknown>;
  /**
   * A filter for `results`, over the columns of this run; what is wrong with it is `InvalidRequest`, with the place shown in
   * the detail.
   */
  parseFilter(runId: string, text: string): Promise<Result<Filter>>;
  /** Records of the runs that this data folder keeps, newest first. Needs no server. */
  kept(): Promise<readonly RunRecord[]>;
  list(query?: ListQuery): Promise<readonly ListedRun[]>;
  /** The runs that may still need what is kept for them in this store. */
  needing(store: StoreSpec): Promise<NeedingRuns>;
  /** Throws `NoWorker` when nobody asks Temporal for work. */
  checkWorker(): Promise<void>;
  inspect(lanes: readonly string[]): Promise<ServerFacts>;
  /** Registers the search attributes of runs where they are missing, as the first run does; the names of those that were. */
  registerSearchAttributes(): Promise<readonly string[]>;
}

export interface NoteOption {
  /** Why, in a person's words; kept in the history of the run. */
  readonly note?: string;
}

export interface RunClientDeps {
  readonly temporal: Client;
  readonly stores: RunStores;
}

/** Rows of `results` without a limit. */
const DEFAULT_ROWS = 100;

export function createRunClient({ temporal, stores }: RunClientDeps): RunClient {
  const home = async (): Promise<RunRecords> => (await stores.home()).records;
  const readerOf = async ({ store }: RunPlace): Promise<ResultReader> => (await stores.of(store)).reader;
  const recordOf = (runId: string): Promise<RunRecord | undefined> =>
    findRecord(stores, runId, () => describeIfServed(temporal, runId));
  const progress = async (runId: string): Promise<RunView> => (await findRun(temporal, stores, runId)).view;
  return {
    start: async (request, options = {}) => startRun(temporal, await home(), request, options.runId),
    progress,
    async details(runId) {
      const found = await findRun(temporal, stores, runId);
      return { ...found, files: found.record ? await filesOf(found.record.plan.place) : [] };
    },
    record: recordOf,
    async rename(runId, name) {
      const record = await recordOf(runId);
      if (!record) throw new RunNotFound(`There is no run ${runId} in this data folder.`);
      await (await stores.of(record.plan.place.store)).records.rename(runId, name);
    },
    pause: (runId, options = {}) =>
      toOpenRun(temporal, stores, runId, () => temporal.workflow.getHandle(runId).signal(pauseSignal, options)),
    resume: (runId, options = {}) =>
      toOpenRun(temporal, stores, runId, () => temporal.workflow.getHandle(runId).signal(resumeSignal, options)),
    cancel: (runId, options = {}) =>
      toOpenRun(temporal, stores, runId, () => requestCancel(temporal, runId, options.note)),
    wait: (runId, options) => waitForRun(() => progress(runId), options),
    async results(runId, query = {}) {
      const place = await placeOf(runId);
      return place ? (await readerOf(place)).list(place, { limit: DEFAULT_ROWS, ...query }) : [];
    },
    async result(runId, assetId) {
      const place = await placeOf(runId);
      return place ? (await readerOf(place)).get(place, assetId) : undefined;
    },
    async files(runId) {
      const record = await recordOf(runId);
      return record ? filesOf(record.plan.place) : [];
    },
    async summary(runId, fields) {
      const record = await recordOf(runId);
      if (!record) return null;
      const { place, fields: own } = record.plan;
      return (await readerOf(place)).summarise(place, fields ?? own);
    },
    async question(record) {
      const { blobs } = await stores.of(record.plan.place.store);
      return blobs.get(record.plan.spec);
    },
    async parseFilter(runId, text) {
      const record = await recordOf(runId);
      if (record) return parseFilter(text, (await readerOf(record.plan.place)).columns(record.plan.fields));
      // Throws when there is no such run at all.
      await placeOf(runId);
      return failed('InvalidRequest', `The columns of ${runId} are not known yet; try again when it is running.`);
    },
    kept: async () => (await home()).list(),
    list: async (query) => listRuns(temporal, await home(), query),
    needing: (store) => listNeeding(temporal, async () => (await stores.of(store)).records),
    checkWorker: () => checkWorker(temporal),
    inspect: (lanes) => inspectServer(temporal, lanes),
    registerSearchAttributes: () => callTemporal(temporal, () => registerSearchAttributes(temporal)),
  };

  async function filesOf(place: RunPlace): Promise<readonly string[]> {
    return (await readerOf(place)).files(place);
  }

  /** Null while a run has no results to look at yet. */
  async function placeOf(runId: string): Promise<RunPlace | null> {
    const record = await recordOf(runId);
    if (record) return record.plan.place;
    const description = await describeRun(temporal, runId);
    if (!description) throw new RunNotFound(`There is no run ${runId}.`);
    if (description.status.name === 'COMPLETED') {
      const summary = (await callTemporal(temporal, () => temporal.workflow.getHandle(runId).result())) as RunSummary;
      return summary.place;
    }
    const { view } = await findRun(temporal, stores, runId);
    if (view.state === 'preparing' || hasEnded(view.state)) return null;
    throw new RunNotFound(`The results of ${runId} are not in this data folder: name the one that its workers use.`);
  }
}

async function checkWorker(client: Client): Promise<void> {
  if (await isPolled(client, RUN_QUEUE)) return;
  throw new NoWorker(`No worker asks for work on the task queue ${RUN_QUEUE}.`);
}

/** Sends something to a run; one that has ended does not need it any more. */
async function toOpenRun(
  client: Client,
  stores: RunStores,
  runId: string,
  send: () => Promise<unknown>,
): Promise<boolean> {
  // A run that has ended takes a cancellation, and nothing comes of it.
  if ((await describeRun(client, runId))?.status.name === 'RUNNING' && (await isTaken(client, send))) return true;
  // Throws when there is no such run at all.
  await findRun(client, stores, runId);
  return false;
}

async function isTaken(client: Client, send: () => Promise<unknown>): Promise<boolean> {
  try {
    await callTemporal(client, send);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function describeIfServed(client: Client, runId: string): Promise<KnownRun | null> {
  try {
    return await tellingOf(client, await describeRun(client, runId));
  } catch (error) {
    if (error instanceof NoTemporalServer) return null;
    throw error;
  }
}

function requestCancel(client: Client, runId: string, note: string | undefined): Promise<unknown> {
  const { namespace, identity } = client.options;
  const workflowExecution = { workflowId: runId };
  return rethrowingNotFound(runId, () =>
    client.workflowService.requestCancelWorkflowExecution({
      namespace,
      identity,
      requestId: randomUUID(),
      workflowExecution,
      ...(note === undefined ? {} : { reason: note }),
    }),
  );
}

async function rethrowingNotFound(runId: string, call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NOT_FOUND) {
      throw new WorkflowNotFoundError(error.message, runId, undefined);
    }
    throw error;
  }
}

const NOT_FOUND = 5;

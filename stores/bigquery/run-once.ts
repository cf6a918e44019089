import { setTimeout as delay } from 'node:timers/promises';
import type { Job, JobLoadMetadata, TableField } from '@google-cloud/bigquery';
import type { Parameter, StoreDataset } from './dataset.ts';
import { isDuplicate, isNotFound } from './google-errors.ts';
import { LOOK_AGAIN_MS, LOOKS } from './look-again.ts';

export interface StatementOptions {
  readonly params?: Readonly<Record<string, Parameter>>;
  /** A statement that would read more fails, unpaid. Default: no limit but that of the project. */
  readonly maximumBytesBilled?: number;
}

/**
 * Runs a statement once, whoever asks for it under this name and how often: a repeat waits for the first. A job that failed has
 * used its id up: this throws, and the next call has another id. Throws what the client throws, after failed jobs with
 * `retryAfterMs`: each counts against the day's quota of the table (1,500 loads), and each call walks over all before it.
 */
export async function runOnce(
  store: StoreDataset,
  name: string,
  query: string,
  { params = {}, maximumBytesBilled }: StatementOptions = {},
): Promise<void> {
  const { rest } = store.connection;
  const location = await store.location();
  const cap = maximumBytesBilled === undefined ? {} : { maximumBytesBilled: String(maximumBytesBilled) };
  await underIds(
    store,
    name,
    (jobId) => rest.createQueryJob({ jobId, location, query, params, ...cap }),
    (job) => job.getQueryResults({ maxResults: 0 }),
  );
}

/** Adds the rows of objects, one JSON object a line, to a table that is there; once, like `runOnce`. */
export async function loadOnce(
  store: StoreDataset,
  name: string,
  table: string,
  sourceUris: readonly string[],
  fields: readonly TableField[],
): Promise<void> {
  const location = await store.location();
  const load: JobLoadMetadata = {
    sourceUris: [...sourceUris],
    sourceFormat: 'NEWLINE_DELIMITED_JSON',
    schema: { fields: [...fields] },
    createDisposition: 'CREATE_NEVER',
    writeDisposition: 'WRITE_APPEND',
    destinationTable: { projectId: store.project, datasetId: store.name, tableId: table },
  };
  await underIds(
    store,
    name,
    (jobId) => store.connection.rest.createJob({ jobId, location, configuration: { load } }),
    untilLoaded,
  );
}

/** Whether what has this name was done; false while it is under way. */
export async function hasRunOnce(store: StoreDataset, name: string): Promise<boolean> {
  const location = await store.location();
  for (let attempt = 1; ; attempt++) {
    const { state, errorResult } = await statusIfThere(
      store.connection.rest.job(idOf(store, name, attempt), { location }),
    );
    if (errorResult === undefined) return state === 'DONE';
  }
}

async function underIds(
  store: StoreDataset,
  name: string,
  create: (jobId: string) => Promise<unknown>,
  untilDone: (job: Job) => Promise<unknown>,
): Promise<void> {
  const location = await store.location();
  for (let attempt = 1; ; attempt++) {
    const jobId = idOf(store, name, attempt);
    const isOurs = await starts(() => create(jobId), attempt - 1);
    const failure = await failureOf(store.connection.rest.job(jobId, { location }), untilDone);
    if (failure === undefined) return;
    if (isOurs) throw waiting(failure, attempt);
  }
}

/** After one failed job a second, after thirty a quarter of an hour: about 120 jobs a day. */
function waiting(error: unknown, failedJobs: number): Error {
  const retryAfterMs = Math.min(failedJobs ** 2 * 1_000, 15 * 60_000);
  return failedJobs === 0 ? (error as Error) : Object.assign(error as Error, { retryAfterMs });
}

function idOf(store: StoreDataset, name: string, attempt: number): string {
  return `sightline_${store.name}_${name}_a${attempt}`;
}

/** False when the id is taken. */
async function starts(create: () => Promise<unknown>, failedJobs: number): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw waiting(error, failedJobs);
  }
}

/** Waits for the end of a job; undefined when it did its work. Throws when that cannot be found out. */
async function failureOf(job: Job, untilDone: (job: Job) => Promise<unknown>): Promise<Error | undefined> {
  for (let look = 1; ; look++) {
    try {
      await untilDone(job);
      return undefined;
    } catch (error) {
      if ((await statusIfThere(job)).errorResult !== undefined) return error as Error;
      if (look === LOOKS || !isNotFound(error)) throw error;
      await delay(LOOK_AGAIN_MS);
    }
  }
}

/** Only queries can be waited for by one call. */
async function untilLoaded(job: Job): Promise<void> {
  for (;;) {
    const { state, errorResult } = await statusOf(job);
    if (state === 'DONE' && errorResult === undefined) return;
    if (state === 'DONE') throw Object.assign(new Error(errorResult?.message), { errors: [errorResult] });
    await delay(LOAD_POLL_MS);
  }
}

/** A load takes seconds. */
const LOAD_POLL_MS = 500;

interface JobStatus {
  readonly state?: string;
  readonly errorResult?: { readonly reason?: string; readonly message?: string };
}

async function statusIfThere(job: Job): Promise<JobStatus> {
  return statusOf(job).catch((error: unknown): JobStatus => {
    if (isNotFound(error)) return {};
    throw error;
  });
}

async function statusOf(job: Job): Promise<JobStatus> {
  const [metadata] = await job.getMetadata();
  return (metadata as { readonly status?: JobStatus }).status ?? {};
}

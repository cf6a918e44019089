import { setTimeout as delay } from 'node:timers/promises';
import type { Job } from '@google-cloud/bigquery';
import type { Parameter, StoreDataset } from './dataset.ts';
import { isDuplicate, isNotFound } from './google-errors.ts';
import { LOOK_AGAIN_MS, LOOKS } from './look-again.ts';

/**
 * Runs a statement once, whoever asks for it under this name and how often: a repeat waits for the first. A job that failed has
 * used its id up: this throws, and the next call has another id. Throws what the client throws.
 */
export async function runOnce(
  store: StoreDataset,
  name: string,
  query: string,
  params: Readonly<Record<string, Parameter>> = {},
): Promise<void> {
  const { rest } = store.connection;
  const location = await store.location();
  for (let attempt = 1; ; attempt++) {
    const jobId = `sightline_${store.name}_${name}_a${attempt}`;
    const isOurs = await starts(() => rest.createQueryJob({ jobId, location, query, params }));
    const failure = await failureOf(rest.job(jobId, { location }));
    if (failure === undefined) return;
    if (isOurs) throw failure;
  }
}

/** False when the id is taken. */
async function starts(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Waits for the end of a job; undefined when it did its work. Throws when that cannot be found out. */
async function failureOf(job: Job): Promise<Error | undefined> {
  for (let look = 1; ; look++) {
    try {
      await job.getQueryResults({ maxResults: 0 });
      return undefined;
    } catch (error) {
      if (await hasFailed(job)) return error as Error;
      if (look === LOOKS || !isNotFound(error)) throw error;
      await delay(LOOK_AGAIN_MS);
    }
  }
}

async function hasFailed(job: Job): Promise<boolean> {
  const [metadata] = await job.getMetadata().catch((error: unknown) => {
    if (isNotFound(error)) return [{}];
    throw error;
  });
  const { status } = metadata as { readonly status?: { readonly errorResult?: object } };
  return status?.errorResult !== undefined;
}

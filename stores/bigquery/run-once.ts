import { setTimeout as delay } from 'node:timers/promises';
import type { Parameter, StoreDataset } from './dataset.ts';
import { isDuplicate, isNotFound } from './google-errors.ts';

const ATTEMPTS = 3;
/** How long a job id may be known to be taken before its job can be found. */
const [LOOKS, LOOK_AGAIN_MS] = [20, 250];

/**
 * Runs a statement once, whoever asks for it under this name and how often: a repeat waits for the first. A job that failed has
 * used its id up, so another try has another one. Throws what the client throws.
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
    try {
      await rest.createQueryJob({ jobId, location, query, params }).catch((error: unknown) => {
        if (!isDuplicate(error)) throw error;
      });
      await ended(() => rest.job(jobId, { location }).getQueryResults({ maxResults: 0 }));
      return;
    } catch (error) {
      // Only a job that ran and failed has no code of its own.
      if (attempt >= ATTEMPTS || (error as { readonly code?: unknown }).code !== undefined) throw error;
    }
  }
}

async function ended(wait: () => Promise<unknown>): Promise<void> {
  for (let look = 1; ; look++) {
    try {
      await wait();
      return;
    } catch (error) {
      if (look >= LOOKS || !isNotFound(error)) throw error;
      await delay(LOOK_AGAIN_MS);
    }
  }
}

import { NoTemporalServer, RunNotFound } from '../client/client-errors.ts';
import type { RunClient } from '../client/create-run-client.ts';
import type { Sightline } from '../client/main.ts';
import { didYouMean } from '../prompts/did-you-mean.ts';
import { usageError } from './cli-error.ts';

/** Does something with a run; when there is no such run, the error names the one that was probably meant. */
export async function withRun<T>(client: RunClient, runId: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof RunNotFound)) throw error;
    const meant = didYouMean(runId, await knownIds(client));
    if (meant === undefined || meant === runId) throw error;
    throw usageError(error.message, `Did you mean ${meant}?`);
  }
}

/** The same for what can be read from the data folder alone: without a server, a run that is not there is probably a wrong folder. */
export async function withKeptRun<T>(sightline: Sightline, runId: string, act: () => Promise<T>): Promise<T> {
  try {
    return await withRun(sightline, runId, act);
  } catch (error) {
    if (!(error instanceof NoTemporalServer) || (await sightline.record(runId))) throw error;
    throw usageError(
      `There is no run ${runId} in the data folder ${sightline.dataDir}, and no Temporal server answers at ${sightline.address}.`,
      'Name another folder with --data-dir, a dataset with SIGHTLINE_STORE, or the server with --address.',
    );
  }
}

/** Only for a hint: without a server, those of the data folder. */
async function knownIds(client: RunClient): Promise<readonly string[]> {
  try {
    return (await client.list({ limit: 500 })).map(({ view }) => view.runId);
  } catch {
    return (await client.kept()).map(({ runId }) => runId);
  }
}

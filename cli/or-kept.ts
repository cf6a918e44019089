import { NoTemporalServer } from '../client/client-errors.ts';
import type { CliContext } from './cli-context.ts';

/** What the server says, or what the data folder keeps where none answers; throws `NoTemporalServer` when that is nothing. */
export async function orKept<T>(
  context: CliContext,
  ask: () => Promise<T>,
  kept: () => Promise<T | undefined>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof NoTemporalServer)) throw error;
    const found = await kept();
    if (found === undefined) throw error;
    context.say(`${error.message} This is what the records of runs say: nothing of runs that go on.`);
    return found;
  }
}

import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { describe, expect, it } from 'vitest';
import { createFinishRun } from '../../activities/close-run.ts';
import type { ActivityDeps, ActivityStores } from '../../activities/deps.ts';
import type { Progress, RunRecord } from '../../contracts/run.ts';
import { StoreMismatchError, StoreUnavailableError } from '../../stores/ports.ts';
import { keepRun } from '../support/kept-run.ts';
import { runView } from '../support/run-view.ts';
import { CONTEXT } from '../suites/store-samples.ts';

const progress: Progress = { ...runView('failed'), notes: ['An earlier note.'] };

/** Finishes a failed run whose rows cannot be shown for `reason`; what its record says then. */
async function finishFailed(reason: Error, attempt: number): Promise<RunRecord | undefined> {
  await using kept = await keepRun([], { endedAt: null });
  const { results, ...others } = kept.stores;
  const stores: ActivityStores = { ...others, results: { ...results, rollUp: () => Promise.reject(reason) } };
  const deps = { stores: { of: () => Promise.resolve(stores) } } as unknown as ActivityDeps;
  const prompt = { name: CONTEXT.prompt, digest: CONTEXT.promptDigest, fields: CONTEXT.fields };
  const spec = { prompt, analyzer: CONTEXT.analyzer, settings: {} } as never;
  const finish = createFinishRun(deps, { freeze: () => Promise.reject(reason), load: () => Promise.resolve(spec) });
  const { plan, executionId } = kept.record;
  const context = { info: { attempt }, cancellationSignal: new AbortController().signal } as unknown as Context;
  await asyncLocalStorage.run(context, () => finish({ plan, executionId, state: 'failed', progress }));
  return await kept.stores.records.read(kept.runId);
}

const away = new StoreUnavailableError('The bucket is away. Bring it back.');

describe('the record of a run that has failed', () => {
  it.each([
    ['at once for what no second try mends', new StoreMismatchError('A staged batch has gone.'), 1],
    ['at once for what nobody expected', new TypeError('x is not a function'), 1],
    ['for a store that stays away', away, 5],
  ])('says that committed rows may not be shown, and why: %s', async (_, reason, attempt) => {
    expect(await finishFailed(reason, attempt)).toMatchObject({
      state: 'failed',
      notes: ['An earlier note.', `Rows that the run has committed may not be shown: ${reason.message}`],
    });
  });

  it('waits for a store that may come back', async () => {
    await expect(finishFailed(away, 4)).rejects.toMatchObject({ type: 'StoreUnavailable', nonRetryable: false });
  });
});

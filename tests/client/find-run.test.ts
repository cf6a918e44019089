import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { findRun } from '../../client/find-run.ts';
import { PROGRESS_MEMO } from '../../contracts/messages.ts';
import type { RunRecord } from '../../contracts/run.ts';
import { keepRun } from '../support/kept-run.ts';
import { runView } from '../support/run-view.ts';

/** A client of a server that knows this of a run. */
function clientOf(runId: string, description: Readonly<Record<string, unknown>>): Client {
  const known = { workflowId: runId, startTime: new Date(0), raw: {}, ...description };
  return {
    withDeadline: (_: number, call: () => Promise<unknown>) => call(),
    workflow: {
      getHandle: () => ({
        describe: () => Promise.resolve(known as unknown as WorkflowExecutionDescription),
        query: () => Promise.resolve({ progress: runView('running'), open: [], samples: [] }),
      }),
    },
  } as unknown as Client;
}

/** The notes of a run that Temporal knows as failed, beside its record. */
async function notesBeside(record: Partial<RunRecord>): Promise<readonly string[]> {
  await using kept = await keepRun([], record);
  const failure = { name: 'StoreUnavailable', message: 'The table is not there.' };
  const client = clientOf(kept.runId, {
    status: { name: 'FAILED' },
    closeTime: new Date(1),
    memo: { [PROGRESS_MEMO]: { ...runView('failed'), notes: ['Told while it went.'], failure } },
  });
  const stores = { home: () => Promise.resolve(kept.stores), of: () => Promise.resolve(kept.stores) };
  return (await findRun(client, stores, kept.runId)).view.notes;
}

describe('the notes of a run that has failed', () => {
  it('are those of its record, which knows what was found out at the very end', async () => {
    const notes = ['Told while it went.', 'Rows that the run has committed may not be shown: The bucket is away.'];
    expect(await notesBeside({ state: 'failed', notes })).toEqual(notes);
  });

  it('are those of Temporal as long as the record is of before the end', async () => {
    expect(await notesBeside({ state: 'running', endedAt: null, notes: [] })).toEqual(['Told while it went.']);
  });
});

describe('an open run', () => {
  it('is shown although the store of its record does not answer, which is said', async () => {
    await using kept = await keepRun([]);
    const memo = { [PROGRESS_MEMO]: runView('running') };
    const client = clientOf(kept.runId, { status: { name: 'RUNNING' }, memo });
    const records = { ...kept.stores.records, read: () => new Promise<never>(() => undefined) };
    const stores = { ...kept.stores, records };
    const places = { home: () => Promise.resolve(stores), of: () => Promise.resolve(stores) };
    const { view } = await findRun(client, places, kept.runId);
    expect(view.state).toBe('running');
    expect(view.notes.at(-1)).toMatch(/^Its record cannot be read just now: no answer within 2 s$/);
  });
});

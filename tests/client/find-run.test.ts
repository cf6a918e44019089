import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { findRun } from '../../client/find-run.ts';
import { PROGRESS_MEMO } from '../../contracts/messages.ts';
import type { RunRecord } from '../../contracts/run.ts';
import { keepRun } from '../support/kept-run.ts';
import { runView } from '../support/run-view.ts';

/** The notes of a run that Temporal knows as failed, beside its record. */
async function notesBeside(record: Partial<RunRecord>): Promise<readonly string[]> {
  await using kept = await keepRun([], record);
  const failure = { name: 'StoreUnavailable', message: 'The table is not there.' };
  const description = {
    workflowId: kept.runId,
    status: { name: 'FAILED' },
    startTime: new Date(0),
    closeTime: new Date(1),
    memo: { [PROGRESS_MEMO]: { ...runView('failed'), notes: ['Told while it went.'], failure } },
    raw: {},
  } as unknown as WorkflowExecutionDescription;
  const client = {
    withDeadline: (_: number, call: () => Promise<unknown>) => call(),
    workflow: { getHandle: () => ({ describe: () => Promise.resolve(description) }) },
  } as unknown as Client;
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

import type { WorkflowExecutionDescription } from '@temporalio/client';
import { expect, onTestFinished, test } from 'vitest';
import { findRecord, type RunStores } from '../../client/find-record.ts';
import { PROGRESS_MEMO } from '../../contracts/messages.ts';
import { openParquetStores } from '../../stores/index.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { keepRun } from '../support/kept-run.ts';

const ELSEWHERE = { kind: 'bigquery', project: 'a-project', dataset: 'results' } as const;

/** A run whose record is not at home, but in the store that this progress names. */
async function recordAway(store: typeof ELSEWHERE | undefined, isKnown = true) {
  const kept = await keepRun([]);
  const home = await temporaryFolder();
  onTestFinished(async () => {
    await Promise.all([kept[Symbol.asyncDispose](), home[Symbol.asyncDispose]()]);
  });
  const stores: RunStores = {
    home: () => Promise.resolve(openParquetStores(home.path)),
    of: (spec) => Promise.resolve(spec?.kind === store?.kind ? kept.stores : openParquetStores(home.path)),
  };
  const description = {
    workflowId: kept.runId,
    status: { name: 'COMPLETED' },
    startTime: new Date(0),
    memo: { [PROGRESS_MEMO]: { notes: [], store } },
  } as unknown as WorkflowExecutionDescription;
  return findRecord(stores, kept.runId, () => Promise.resolve(isKnown ? description : null));
}

test('a record is found in the dataset that the run names', async () => {
  expect(await recordAway(ELSEWHERE)).toBeDefined();
});

test('a record is found in files when its run names no store and home is a dataset', async () => {
  expect(await recordAway(undefined)).toBeDefined();
});

test('a run that Temporal does not know is looked for at home alone', async () => {
  expect(await recordAway(ELSEWHERE, false)).toBeUndefined();
});

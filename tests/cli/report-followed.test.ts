import { expect, test } from 'vitest';
import { viewWithoutServer } from '../../client/read-run.ts';
import { hasRows, nextCommand } from '../../cli/report-followed.ts';
import type { Counts, RunRecord } from '../../contracts/run.ts';
import { placeIn, runRecord } from '../suites/store-samples.ts';
import { countsOf } from '../support/run-view.ts';

const INTO_FILES: RunRecord = {
  ...runRecord('brisk-heron-7f2k', '2026-01-01T00:00:00.000Z', placeIn('/data')),
  state: 'completed',
};
const INTO_TABLES: RunRecord = {
  ...INTO_FILES,
  request: { ...INTO_FILES.request, store: { kind: 'bigquery', project: 'my-project', dataset: 'results' } },
};

function nextOf(record: RunRecord | null, files: readonly string[], counts: Partial<Counts>): string {
  const seen = viewWithoutServer(record ?? INTO_FILES);
  const view = { ...seen, counts: countsOf({ total: 2, pending: 2, ...counts }) };
  return nextCommand(view, hasRows({ view, record, files }));
}

test.each([
  ['files', INTO_FILES, ['part.parquet'], { succeeded: 2, pending: 0 }, 'results list brisk-heron-7f2k'],
  ['a dataset, which has no files', INTO_TABLES, [], { succeeded: 2, pending: 0 }, 'results list brisk-heron-7f2k'],
  ['a dataset, and some have no answer', INTO_TABLES, [], { skipped: 1, pending: 1 }, 'failures list brisk-heron-7f2k'],
  ['a dataset, and nothing was done', INTO_TABLES, [], {}, 'runs list'],
  ['files that are not here', INTO_FILES, [], { succeeded: 2, pending: 0 }, 'runs list'],
  ['nobody knows where', null, [], { succeeded: 2, pending: 0 }, 'runs list'],
])('after a run whose rows went into %s, the next command is one that works', (_, record, files, counts, next) => {
  expect(nextOf(record, files, counts)).toBe(next);
});

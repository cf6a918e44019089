import type { WorkflowExecutionDescription } from '@temporalio/client';
import { expect, test } from 'vitest';
import { findTroubles } from '../../client/find-troubles.ts';

const FULL = { message: 'The disk is full.', applicationFailureInfo: { type: 'StoreUnavailable' } };
const LARGE = { message: 'Failure exceeds size limit.', serverFailureInfo: {}, cause: FULL };

function described(...failures: readonly object[]): WorkflowExecutionDescription {
  const pendingActivities = failures.map((lastFailure, index) => ({ lastFailure, attempt: index + 2 }));
  return { raw: { pendingActivities } } as unknown as WorkflowExecutionDescription;
}

test.each([
  ['one step', [FULL], 'A step fails and is tried again (attempt 2)'],
  ['steps that fail for one cause', [FULL, FULL], '2 steps fail and are tried again (attempt 3)'],
  ['a failure that the server has cut short', [LARGE], 'A step fails and is tried again (attempt 2)'],
])('says what keeps failing in one sentence: %s', (_, failures, what) => {
  const why = 'StoreUnavailable. Results cannot be written. The disk is full.';
  expect(findTroubles([described(...failures)])).toEqual([`${what}: ${why}`]);
});

test('says nothing of steps that do not fail', () => {
  expect(findTroubles([described(), { raw: {} } as unknown as WorkflowExecutionDescription])).toEqual([]);
});

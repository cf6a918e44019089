import { expect, test } from 'vitest';
import { toFailure } from '../../activities/to-failure.ts';
import { toStoreError } from '../../stores/bigquery/google-errors.ts';

const failedJob = (change: object) =>
  toStoreError(
    'load',
    Object.assign(new Error('Quota exceeded'), { code: 403, errors: [{ reason: 'quotaExceeded' }], ...change }),
  );

test.each([
  ['as the policy says', {}, undefined],
  ['after the wait that it names', { retryAfterMs: 900_000 }, 900_000],
])('a store that is away is tried again %s', (_, change, nextRetryDelay) => {
  expect(toFailure(failedJob(change))).toMatchObject({ type: 'StoreUnavailable', nonRetryable: false, nextRetryDelay });
});

import { describe, expect, test } from 'vitest';
import { toStoreError } from '../../../stores/bigquery/google-errors.ts';
import { StoreUnavailableError } from '../../../stores/ports.ts';

/** As the client of BigQuery throws it. */
function answered(code: number, reason: string): Error {
  return Object.assign(new Error('Google says no'), { code, errors: [{ reason, message: 'Google says no' }] });
}

describe('a call that BigQuery answers with 400', () => {
  test.each([
    'jobBackendError',
    'jobInternalError',
    'jobRateLimitExceeded',
    'resourceInUse',
    'tableUnavailable',
    'timeout',
  ])('is worth another try when the reason passes: %s', (reason) => {
    expect(toStoreError('read a table', answered(400, reason))).toBeInstanceOf(StoreUnavailableError);
  });

  test.each([
    ['invalidQuery', 'Could not serialize access to table p:d.sightline_pole due to concurrent update'],
    ['resourcesExceeded', 'Resources exceeded: Too many DML statements outstanding against table p:d.sightline_pole'],
  ])('is worth another try when another run changes the same table: %s', (reason, message) => {
    const error = Object.assign(new Error(message), { errors: [{ reason, message }] });
    expect(toStoreError('merge a table', error)).toBeInstanceOf(StoreUnavailableError);
    expect(toStoreError('merge a table', Object.assign(error, { code: 400 }))).toBeInstanceOf(StoreUnavailableError);
  });

  test.each(['invalid', 'invalidQuery', 'badRequest', 'resourcesExceeded'])(
    'is ours to mend otherwise: %s',
    (reason) => {
      const error = answered(400, reason);
      expect(toStoreError('read a table', error)).toBe(error);
    },
  );
});

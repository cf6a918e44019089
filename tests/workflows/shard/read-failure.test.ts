import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { WORKER_LOST, type CallDetail } from '../../../contracts/lost-calls.ts';
import { readFailure } from '../../../workflows/shard/read-failure.ts';

function handedBack(detail?: CallDetail): unknown {
  const cause = ApplicationFailure.nonRetryable('the worker stopped', WORKER_LOST, ...(detail ? [detail] : []));
  return new ActivityFailure('failed', 'analyzeAsset', '1', 'NON_RETRYABLE_FAILURE', undefined, cause);
}

describe('a call that was handed back', () => {
  it.each([
    ['by who found its worker dead', undefined],
    ['in the middle of it', { calls: 1, waitMs: null }],
  ])('%s is lost, and counts as one', (_, detail) => {
    expect(readFailure(handedBack(detail))).toMatchObject({ cause: 'lost', calls: 1 });
  });

  it.each([0, 2])('before it began was never started: only the %i before it count', (calls) => {
    const detail: CallDetail = { calls, begun: false, waitMs: null };
    expect(readFailure(handedBack(detail))).toMatchObject({ cause: 'not-started', calls });
  });
});

import { describe, expect, it } from 'vitest';
import { checkAppend, splitBySize } from '../../../stores/bigquery/append-rows.ts';
import { judgeCommit } from '../../../stores/bigquery/commit-stream.ts';
import type { CommitAnswer, CommitState } from '../../../stores/bigquery/commit-stream.ts';
import { toStoreError } from '../../../stores/bigquery/google-errors.ts';
import { StoreMismatchError, StoreUnavailableError } from '../../../stores/ports.ts';

const commitTime = { seconds: '1', nanos: 0 };

/** Codes are those of storage.proto; no server that stands in for BigQuery gives all of them. */
const answers: readonly (readonly [state: CommitState, answer: CommitAnswer])[] = [
  ['visible', { commitTime, streamErrors: [] }],
  ['visible', { commitTime: null, streamErrors: [{ code: 'STREAM_ALREADY_COMMITTED' }] }],
  ['visible', { commitTime: null, streamErrors: [{ code: 2 }] }],
  ['gone', { commitTime: null, streamErrors: [{ code: 'STREAM_NOT_FOUND' }] }],
  ['unclear', { commitTime: null, streamErrors: [{ code: 'INVALID_STREAM_STATE' }] }],
  ['unclear', { commitTime: null, streamErrors: [{ code: 'STREAM_NOT_FINALIZED' }] }],
  ['unclear', { commitTime: null, streamErrors: [] }],
  ['unclear', { commitTime, streamErrors: [{ code: 'STORAGE_ERROR_CODE_UNSPECIFIED' }] }],
];

it.each(answers)('a commit is %s when the answer is %j', (state, answer) => {
  expect(judgeCommit(answer)).toBe(state);
});

describe('an append', () => {
  it('is done when it is accepted and when its rows are there already', () => {
    checkAppend('s', 0, { appendResult: { offset: { value: '0' } } });
    checkAppend('s', 0, { error: { code: 6, message: 'ALREADY_EXISTS' } });
  });

  it.each([3, 9, 11])('that is answered %i ends the run: no repeat would help', (code) => {
    expect(() => checkAppend('s', 5, { error: { code } })).toThrow(StoreMismatchError);
  });

  it.each([1, 2, 4, 5, 8, 10, 13, 14])('that is answered %i is tried again', (code) => {
    expect(() => checkAppend('s', 5, { error: { code } })).toThrow(StoreUnavailableError);
  });
});

it('rows are split by size, one that is too large alone', () => {
  const sizes = [3, 3, 4, 1, 20, 1, 9, 1].map((size) => ({ row: {}, size }));
  expect(splitBySize(sizes, 10).map((part) => part.map(({ size }) => size))).toEqual([
    [3, 3, 4],
    [1],
    [20],
    [1, 9],
    [1],
  ]);
  expect(splitBySize([], 10)).toEqual([]);
});

it('a failed call is tried again unless the fault is ours', () => {
  const coded = (code: unknown, more = {}) => Object.assign(new Error('why. more'), { code, ...more });
  for (const error of [
    coded(503),
    coded(403),
    coded(401),
    coded(14),
    coded(7),
    coded('ECONNRESET'),
    coded(undefined),
  ]) {
    expect(toStoreError('do it', error)).toMatchObject({ name: 'StoreUnavailableError', cause: error });
  }
  for (const error of [coded(400), new TypeError('x'), coded(undefined, { errors: [{ reason: 'invalidQuery' }] })]) {
    expect(toStoreError('do it', error)).toBe(error);
  }
  expect(String(toStoreError('do it', coded(403)))).toMatch(/Cannot do it: why\. more\. Give the worker the roles/);
});

import { expect, test } from 'vitest';
import { addOutcome, addTallies, EMPTY_TALLY, MOST_VERSIONS, NO_USAGE } from '../../contracts/outcome.ts';

const answeredBy = (modelVersion: string) =>
  addOutcome(EMPTY_TALLY, { kind: 'succeeded', usage: NO_USAGE, costUsd: 0, reused: false, modelVersion });

test('a tally names each version that answered once, in any order of sums', () => {
  const [a, b] = [answeredBy('m-001'), answeredBy('m-002')];
  expect(addTallies(addTallies(a, b), a).versions).toEqual(['m-001', 'm-002']);
  expect(addTallies(b, addTallies(a, a))).toEqual(addTallies(addTallies(a, b), a));
});

test('a tally of assets that no model has answered names no version', () => {
  expect(addTallies(answeredBy(''), EMPTY_TALLY)).not.toHaveProperty('versions');
});

test('a tally stays small, however many versions there are', () => {
  const versions = Array.from({ length: 50 }, (_, index) => answeredBy(`m-${index}`));
  expect(versions.reduce(addTallies).versions).toHaveLength(MOST_VERSIONS);
});

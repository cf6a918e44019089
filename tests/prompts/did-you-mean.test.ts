import { expect, test } from 'vitest';
import { didYouMean } from '../../prompts/did-you-mean.ts';

test.each([
  ['titel', 'title'],
  ['wrods', 'words'],
  ['feilds', 'fields'],
  ['Title', 'title'],
  ['titl', 'title'],
  ['colour', undefined],
  ['x', undefined],
])('%s probably means %s', (typed, meant) => {
  expect(didYouMean(typed, ['title', 'subject', 'words', 'fields'])).toBe(meant);
});

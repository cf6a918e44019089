import { expect, test } from 'vitest';
import { nameFlags } from '../../../cli/output/name-flags.ts';

test.each([
  ['a.csv has no column that looks like images; name it with "map".', '"map" (--map).'],
  ['a.dat is none of these; say what it is with "kind"', '"kind" (--format)'],
  ['a.csv is empty.', 'a.csv is empty.'],
])('%s', (message, end) => expect(nameFlags({ name: 'InvalidRequest', message }).endsWith(end)).toBe(true));

test('what a service quotes in a failure of its own is no field of a request', () => {
  const message = 'Unrecognized name "kind"';
  expect(nameFlags({ name: 'WorkerBug', message })).toBe(message);
});

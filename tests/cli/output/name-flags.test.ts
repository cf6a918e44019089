import { expect, test } from 'vitest';
import { nameFlags } from '../../../cli/output/name-flags.ts';

test.each([
  ['a.csv has no column that looks like images; name it with "map".', '"map" (--map).'],
  ['a.dat is none of these; say what it is with "kind"', '"kind" (--format)'],
  ['a.csv is empty.', 'a.csv is empty.'],
])('%s', (message, end) => expect(nameFlags(message).endsWith(end)).toBe(true));

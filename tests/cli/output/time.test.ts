import { expect, test } from 'vitest';
import { formatTime } from '../../../cli/output/time.ts';

const AT = '2026-02-03T04:05:06.789Z';

test.each([
  ['relative', '3 min ago'],
  ['iso', '2026-02-03T04:05:06Z'],
  ['raw', AT],
  ['date', '2026-02-03 04:05:06 UTC'],
] as const)('%s', (format, text) => {
  expect(formatTime(AT, format, Date.parse(AT) + 200_000)).toBe(text);
});

import { expect, test } from 'vitest';
import { formatAgo, formatDuration, formatRange } from '../../../cli/output/duration.ts';

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [4_200, '4.2 s'],
  [9_960, '10 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [86_400_000 * 3 + 3_600_000 * 4, '3 d 4 h'],
])('%i ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [0, 4, 'less than 5 s'],
  [40, 55, '40-55 s'],
  [1_690, 1_990, '28-34 min'],
  [60, 120, '1-2 min'],
  [3_000, 9_000, '0-3 h'],
  [7_200, 7_200, '2 h'],
  [200_000, 300_000, '2-4 d'],
])('%i to %i seconds is %s', (low, high, text) => expect(formatRange({ low, high })).toBe(text));

test.each([
  [2_000, 'just now'],
  [30_000, '30 s ago'],
  [3 * 60_000, '3 min ago'],
  [5 * 3_600_000, '5 h ago'],
  [50 * 3_600_000, '2 d ago'],
])('%i ms ago is %s', (ms, text) => {
  const now = Date.parse('2026-01-10T00:00:00Z');
  expect(formatAgo(new Date(now - ms).toISOString(), now)).toBe(text);
});

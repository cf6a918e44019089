import { expect, test } from 'vitest';
import { createPace } from '../../../stores/bigquery/pace.ts';

test('lets some go at once, the others one by one, and some at once again after a rest', () => {
  const pace = createPace(3600, 3);
  const ask = (count: number, nowMs: number) => Array.from({ length: count }, () => pace(nowMs));
  expect(ask(5, 100_000)).toEqual([0, 0, 0, 1000, 2000]);
  expect(ask(2, 102_500)).toEqual([500, 1500]);
  expect(ask(4, 200_000)).toEqual([0, 0, 0, 1000]);
});

import { expect, test } from 'vitest';
import { openBigQuery } from '../../../stores/bigquery/open-bigquery.ts';
import { createPace } from '../../../stores/bigquery/pace.ts';

test('lets some go at once, the others one by one, and some at once again after a rest', () => {
  const pace = createPace(3600, 3);
  const ask = (count: number, nowMs: number) => Array.from({ length: count }, () => pace(nowMs));
  expect(ask(5, 100_000)).toEqual([0, 0, 0, 1000, 2000]);
  expect(ask(2, 102_500)).toEqual([500, 1500]);
  expect(ask(4, 200_000)).toEqual([0, 0, 0, 1000]);
});

test('a process opens forty streams at once, then 9,000 an hour, as a project may', () => {
  const { streamPace } = openBigQuery({ project: 'my-project' });
  const waits = Array.from({ length: 42 }, () => streamPace(1_000_000));
  expect(waits).toEqual([...Array.from({ length: 40 }, () => 0), 400, 800]);
});

import { expect, test } from 'vitest';
import { createCallLimit } from '../../../fake-google/gemini/call-limit.ts';
import { createFaultBook } from '../../../fake-google/gemini/faults.ts';
import { latencyMs } from '../../../fake-google/gemini/latency.ts';
import { BY_ADDRESS, sampleRequest } from './sample-request.ts';

const request = sampleRequest({}, [BY_ADDRESS]);

test('the first rule that fits decides, as often as it may', () => {
  const book = createFaultBook('seed', [
    { fault: { kind: 'hang' }, when: ({ asset }) => asset === 'another' },
    { fault: { kind: 'broken-json' }, times: 2 },
    { fault: { kind: 'no-candidates' } },
  ]);
  const kinds = [1, 2, 3, 4].map((attempt) => book.faultFor(request, attempt)?.kind);
  expect(kinds).toEqual(['broken-json', 'broken-json', 'no-candidates', 'no-candidates']);
  book.clear();
  expect(book.faultFor(request, 5)).toBeUndefined();
});

test('a share of the calls is chosen by seed', () => {
  const chosen = (seed: string) => {
    const book = createFaultBook(seed, [{ fault: { kind: 'hang' }, share: 0.25 }]);
    return Array.from({ length: 400 }, (_, attempt) => book.faultFor(request, attempt) !== undefined);
  };
  const count = chosen('a').filter(Boolean).length;
  expect(count).toBeGreaterThan(60);
  expect(count).toBeLessThan(140);
  expect(chosen('a')).toEqual(chosen('a'));
  expect(chosen('b')).not.toEqual(chosen('a'));
});

test('a limit counts each payer apart, and says how long to wait', () => {
  const ask = createCallLimit({ calls: 2, perMs: 1000 });
  expect([ask('a', 0), ask('a', 100), ask('b', 100)]).toEqual([undefined, undefined, undefined]);
  expect(ask('a', 400)).toBe(600);
  expect(ask('a', 1000)).toBeUndefined();
  expect(ask('a', 1001)).toBe(99);
});

test('a limit of none lets nobody call', () => {
  expect(createCallLimit({ calls: 0, perMs: 1000 })('a', 5)).toBe(1000);
});

test('times have their median, spread as far as asked', () => {
  const times = (spread: number) =>
    Array.from({ length: 999 }, (_, call) => latencyMs({ medianMs: 1500, spread }, 'seed', call)).toSorted(
      (a, b) => a - b,
    );
  expect(times(0)[998]).toBe(1500);
  const [first = 0, median = 0, last = 0] = [times(0.4)[0], times(0.4)[499], times(0.4)[998]];
  expect(median / 1500).toBeCloseTo(1, 1);
  expect(first).toBeLessThan(750);
  expect(last).toBeGreaterThan(3000);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { histogramSteps } from '../../stores/histogram-steps.ts';
import { chooseSeed } from '../support/seed.ts';

test.each([
  [{ type: 'number', min: 0, max: 1 }, 0.2, 0.4, { start: 0, step: 0.05, count: 20 }],
  [{ type: 'integer', min: 1, max: 5 }, 2, 3, { start: 1, step: 1, count: 5 }],
  [{ type: 'integer' }, 3, 7, { start: 3, step: 1, count: 5 }],
  [{ type: 'integer', min: 0 }, 320, 4_000, { start: 200, step: 200, count: 20 }],
  [{ type: 'number', min: 0 }, 0, 12.3, { start: 0, step: 1, count: 13 }],
  [{ type: 'number' }, 7, 7, { start: 7, step: 0, count: 1 }],
  [{ type: 'number' }, -1e308, 1e308, { start: -1e308, step: 0, count: 1 }],
] as const)('%j between %d and %d', (field, min, max, steps) => {
  expect(histogramSteps(field, min, max)).toEqual(steps);
});

test('every value has its bin, and there are never more than 22, also where values differ in their last digits', () => {
  const numbers = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
  const close = fc.tuple(numbers, fc.nat({ max: 10_000 })).map(([a, ulps]) => [a, a + Math.abs(a) * ulps * 2 ** -52]);
  fc.assert(
    fc.property(fc.oneof(fc.tuple(numbers, numbers), close), ([a = 0, b = 0]) => {
      const [min, max] = [Math.min(a, b), Math.max(a, b)];
      const { start, step, count } = histogramSteps({ type: 'number' }, min, max);
      expect(count).toBeGreaterThanOrEqual(1);
      expect(count).toBeLessThanOrEqual(22);
      expect(start).toBeLessThanOrEqual(min);
      if (step > 0) expect(start + (count + 1e-6) * step).toBeGreaterThanOrEqual(max);
    }),
    { seed: chooseSeed('histogram steps'), numRuns: 1_000 },
  );
});

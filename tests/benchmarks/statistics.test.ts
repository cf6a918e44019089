import { describe, expect, it } from 'vitest';
import { deviation, median, ratios, spread } from '../../benchmarks/statistics.ts';

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });

  it('leaves its argument as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('spread', () => {
  it('is the range relative to the median', () => {
    expect(spread([90, 100, 110])).toBeCloseTo(0.2);
  });

  it('is nothing for one value, even for zero, and unknown for none', () => {
    expect(spread([42])).toBe(0);
    expect(spread([0, 0])).toBe(0);
    expect(spread([])).toBeNaN();
  });
});

describe('ratios', () => {
  it('divides pair by pair', () => {
    expect(ratios([1, 9], [2, 3])).toEqual([0.5, 3]);
  });

  it('refuses series of different lengths', () => {
    expect(() => ratios([1], [1, 2])).toThrow(RangeError);
  });
});

describe('deviation', () => {
  it('is the largest relative distance, in either direction', () => {
    expect(deviation([95, 100, 120], 100)).toBeCloseTo(0.2);
    expect(deviation([70, 100, 120], 100)).toBeCloseTo(0.3);
  });
});

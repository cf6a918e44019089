import { describe, expect, it } from 'vitest';
import { addSample, estimateRate, type ProgressSample } from '../../contracts/rate.ts';

const steady = (count: number, everyMs: number, each: number): readonly ProgressSample[] =>
  Array.from({ length: count }, (_, index) => ({ atMs: index * everyMs, done: index * each }));

describe('the rate of a run', () => {
  it('is unknown until something was measured', () => {
    expect(estimateRate([], 100, 0)).toEqual({ ratePerMinute: null, etaSeconds: null });
    expect(estimateRate([{ atMs: 0, done: 0 }], 100, 60_000)).toEqual({ ratePerMinute: null, etaSeconds: null });
    expect(estimateRate(steady(2, 100, 50), 100, 100).ratePerMinute).toBeNull();
  });

  it('gives a range around the time that steady work would take', () => {
    const { ratePerMinute, etaSeconds } = estimateRate(steady(31, 1_000, 10), 600, 30_000);
    expect(ratePerMinute).toBeCloseTo(600);
    expect(etaSeconds!.low).toBeLessThanOrEqual(60);
    expect(etaSeconds!.high).toBeGreaterThanOrEqual(60);
    expect(etaSeconds!.high - etaSeconds!.low).toBeLessThan(20);
  });

  it('is wider while few assets were seen and when the speed changes', () => {
    const width = (samples: readonly ProgressSample[]) => {
      const { low, high } = estimateRate(samples, 600, samples.at(-1)!.atMs).etaSeconds!;
      return (high - low) / (high + low);
    };
    expect(width(steady(5, 1_000, 1))).toBeGreaterThan(width(steady(31, 1_000, 10)));
    const slowing = [...steady(15, 1_000, 20), { atMs: 40_000, done: 290 }];
    expect(width(slowing)).toBeGreaterThan(width(steady(31, 1_000, 10)));
  });

  it('falls when nothing more is done', () => {
    const samples = steady(11, 1_000, 10);
    expect(estimateRate(samples, 600, 20_000).ratePerMinute).toBeLessThan(
      estimateRate(samples, 600, 10_000).ratePerMinute!,
    );
  });

  it('forgets what is older than five minutes and keeps at most sixty samples', () => {
    const samples = steady(1_000, 1_000, 1).reduce<readonly ProgressSample[]>(addSample, []);
    expect(samples).toHaveLength(60);
    expect(addSample([{ atMs: 0, done: 1 }], { atMs: 400_000, done: 2 })).toEqual([{ atMs: 400_000, done: 2 }]);
  });
});

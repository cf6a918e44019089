import { describe, expect, it } from 'vitest';
import { renewSection, reportPage, type Results } from '../../benchmarks/report/report-page.ts';
import { measure } from '../../benchmarks/measure.ts';

function result(name: string, value: number): Results {
  const bars = [{ measurement: `${name}/speed`, of: 'value' as const, atLeast: 10 }];
  const benchmark = { name, title: `The ${name}`, method: `How ${name} is measured.`, bars, run: async () => [] };
  return { benchmark, measurements: [measure(`${name}/speed`, 'rows/s', [value])] };
}

const TITLES = ['The walk', 'The run', 'The jump'];

describe('the page of benchmarks', () => {
  const page = reportPage({ Cores: '2' }, [result('walk', 5), result('jump', 20)], '2026-01-01');

  it('tells values, dates, and whether each bar holds', () => {
    expect(page).toContain('`npm run bench -- walk|jump`, with');
    expect(page).toContain('| walk/speed | 5 | rows/s |');
    expect(page).toContain('How walk is measured. Measured on 2026-01-01.');
    expect(page).toContain('walk/speed: value at least 10: **missed**');
    expect(page).toContain('jump/speed: value at least 10: **holds**');
  });

  it('shortens a bar that is a fraction, and holds the measurement against the whole of it', () => {
    const { benchmark } = result('walk', 0);
    const bars = [{ measurement: 'walk/speed', of: 'value' as const, atLeast: 2 / 3 }];
    const measurements = [measure('walk/speed', 'rows/s', [0.6666])];
    const short = reportPage({}, [{ benchmark: { ...benchmark, bars }, measurements }], '2026-01-01');
    expect(short).toContain('walk/speed: value at least 0.667: **missed**');
  });

  it('gets one section anew and keeps the others as they are', () => {
    const renewed = renewSection(page, result('walk', 50), '2026-02-02', TITLES);
    expect(renewed).toContain('How walk is measured. Measured on 2026-02-02.');
    expect(renewed).toContain('walk/speed: value at least 10: **holds**');
    expect(renewed.split('## ').filter((part) => part.startsWith('The walk'))).toHaveLength(1);
    expect(renewed.slice(renewed.indexOf('## The jump')).trim()).toBe(page.slice(page.indexOf('## The jump')).trim());
  });

  it('gets a section that was not there in its place, and stays the same when that is repeated', () => {
    const more = renewSection(page, result('run', 1), '2026-02-02', TITLES);
    expect([...more.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(TITLES);
    expect(renewSection(more, result('run', 1), '2026-02-02', TITLES)).toBe(more);
  });
});

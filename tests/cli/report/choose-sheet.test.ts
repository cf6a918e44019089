import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseSheet } from '../../../cli/report/choose-sheet.ts';
import type { FieldSummary } from '../../../stores/ports.ts';
import { chooseSeed } from '../../support/seed.ts';
import { group, summaryOf } from './report-samples.ts';

const numbers: FieldSummary = {
  kind: 'numbers',
  name: 'sharpness',
  filled: 100,
  spread: { min: 0, median: 0.5, max: 1, bins: [], lowest: [900, 901], highest: [950, 951] },
};
const words: FieldSummary = {
  kind: 'words',
  name: 'light',
  filled: 100,
  distinct: 2,
  values: [group('day', 80, 1000), group('night', 20, 2000)],
};

test('each cause, outcome, end of a number and frequent value is there before any comes twice', () => {
  const summary = {
    ...summaryOf({}, {}, [numbers, words]),
    outcomes: [group('succeeded' as const, 500, 0), group('blocked' as const, 1, 700)],
    failures: [group('ImageMissing', 40, 600), group('AnswerBlocked', 1, 700)],
  };
  expect(chooseSheet(summary, 7).map(({ row }) => row)).toEqual([0, 600, 700, 900, 950, 1000, 2000]);
  expect(chooseSheet(summary, 8)).toHaveLength(8);
});

test('says of the two ends of a number why they are there', () => {
  const chosen = chooseSheet(summaryOf({}, {}, [numbers]), 10);
  expect(chosen).toEqual([
    { row: 900, reasons: ['lowest sharpness'] },
    { row: 901, reasons: [] },
    { row: 950, reasons: ['highest sharpness'] },
    { row: 951, reasons: [] },
  ]);
});

test('a number that is the same everywhere has no ends', () => {
  const same = { ...numbers, spread: { ...numbers.spread!, min: 1, max: 1 } };
  expect(chooseSheet(summaryOf({}, {}, [same]), 10)).toEqual([]);
});

test('a run that fits is shown as a whole, in the order of its rows', () => {
  expect(chooseSheet(summaryOf({ succeeded: 19 }), 60).map(({ row }) => row)).toEqual(
    Array.from({ length: 19 }, (_, row) => row),
  );
});

test('never more than the limit, never a row twice', () => {
  const samples = fc.array(fc.nat(50), { maxLength: 60 });
  fc.assert(
    fc.property(fc.array(samples, { maxLength: 8 }), fc.nat(60), (groups, limit) => {
      const failures = groups.map((rows, at) => ({ name: String(at), rows: rows.length, samples: rows }));
      const rows = chooseSheet({ ...summaryOf({}), failures }, limit).map(({ row }) => row);
      expect(rows.length).toBeLessThanOrEqual(limit);
      expect(new Set(rows).size).toBe(rows.length);
    }),
    { seed: chooseSeed('contact sheet') },
  );
});

import { describe, expect, test } from 'vitest';
import { fixFirst } from '../../../cli/report/decisions/fix-first.ts';
import { judgeAnswers, observeAnswers } from '../../../cli/report/decisions/judge-answers.ts';
import { judgeSource } from '../../../cli/report/decisions/judge-source.ts';
import { truthSentence } from '../../../cli/report/decisions/truth-sentence.ts';
import { formatValue, shareOf } from '../../../cli/report/decisions/words.ts';
import type { Bin, FieldSummary } from '../../../stores/ports.ts';
import { fieldOf, group, STANDING, summaryOf } from './report-samples.ts';

describe('is the source usable', () => {
  test.each([
    [summaryOf({ succeeded: 19 }), 0, 'good', 'All 19 assets could be read.'],
    [summaryOf({ succeeded: 1 }), 0, 'good', 'The one asset could be read.'],
    [
      summaryOf({ succeeded: 16, skipped: 3 }, { ImageUnreadable: 3 }),
      0,
      'watch',
      '3 of 19 assets could not be read: ImageUnreadable.',
    ],
    [
      summaryOf({ succeeded: 1, skipped: 3 }, { ImageMissing: 2, NoImages: 1 }),
      0,
      'bad',
      '3 of 4 assets could not be read: ImageMissing 2, NoImages 1.',
    ],
    [summaryOf({ succeeded: 1, failed: 9 }, { ModelOverloaded: 9 }), 0, 'good', 'All 10 assets could be read.'],
    [summaryOf({ succeeded: 10 }), 6, 'watch', 'All 10 assets could be read.'],
    [summaryOf({}), 0, 'open', 'No asset has been looked at yet.'],
  ])('%#', (summary, rejected, tone, answer) => {
    expect(judgeSource(summary, rejected)).toMatchObject({ tone, answer });
  });

  test('counts what became no asset, and what does not show what was asked for', () => {
    const { details } = judgeSource(summaryOf({ succeeded: 2, not_visible: 8 }), 1);
    expect(details).toEqual([
      '1 entry of the source became no asset.',
      '8 of 10 assets do not show what was asked for.',
    ]);
  });
});

/** 20 steps from 0 to 1 with so many rows in the lowest and in the highest. */
function sharpness(low: number, high: number): FieldSummary {
  const bins = Array.from({ length: 20 }, (_, at): Bin => {
    const rows = at === 0 ? low : at === 19 ? high : 0;
    return { from: at * 0.05, to: (at + 1) * 0.05, rows };
  });
  const spread = { min: 0.01, median: 0.5, max: 0.99, bins, lowest: [], highest: [] };
  return { kind: 'numbers', name: 'sharpness', filled: low + high, spread };
}

function words(name: string, values: Readonly<Record<string, number>>): FieldSummary {
  const groups = Object.entries(values).map(([value, rows]) => group(value, rows));
  const filled = groups.reduce((sum, { rows }) => sum + rows, 0);
  return { kind: 'words', name, filled, distinct: groups.length, values: groups };
}

describe('are the answers plausible', () => {
  const scale = fieldOf({ name: 'sharpness', type: 'number', min: 0, max: 1 });
  const light = fieldOf({ name: 'light', type: 'one-of', values: ['day', 'night', 'dusk'] });
  const caption = fieldOf({ name: 'caption', type: 'string' });
  const texts = { kind: 'texts', name: 'caption', filled: 100, lengths: { min: 1, max: 2 }, samples: [] } as const;

  test.each([
    [scale, sharpness(21, 79), 'sharpness is below 0.2 for 21 %.', 1],
    [scale, sharpness(60, 40), 'sharpness is below 0.2 for 60 %.', 2],
    [scale, sharpness(3, 97), 'sharpness is 0.8 or above for 97 %.', 2],
    [light, words('light', { day: 100 }), 'light is day for all 100 answers.', 3],
    [light, words('light', { day: 97, night: 3 }), 'light is day for 97 %.', 2],
    [light, words('light', { day: 90, night: 10 }), 'light is night for 10 of 100.', 1],
    [light, words('light', { day: 50, night: 30, dusk: 20 }), 'light is day for 50 of 100.', 1],
    [light, words('light', { day: 20 }), 'light is empty for 80 %.', 2],
    [caption, { ...texts, distinct: 1 }, 'caption is the same text for all 100 answers.', 3],
  ] as const)('%#: $name', (field, summary, text, weight) => {
    expect(observeAnswers([summary], [field], 100)).toContainEqual({ text, weight });
  });

  test.each([
    [scale, sharpness(5, 80)],
    [{ ...scale, min: undefined }, sharpness(50, 50)],
    [caption, { ...texts, distinct: 60 }],
    [fieldOf({ name: 'issues', type: 'strings' }), { ...words('issues', { blurred: 100 }) }],
  ] as const)('%#: nothing stands out', (field, summary) => {
    expect(observeAnswers([summary], [field as never], 100)).toEqual([]);
  });

  test('the oddest comes first, and three at most', () => {
    const fields = [
      words('a', { x: 90, y: 10 }),
      words('b', { x: 97, y: 3 }),
      words('c', { x: 100 }),
      words('d', { x: 90, y: 10 }),
    ];
    const { tone, answer, details } = judgeAnswers(
      summaryOf({ succeeded: 100 }, {}, fields),
      ['a', 'b', 'c', 'd'].map((name) => fieldOf({ name, type: 'one-of' })),
    );
    expect([tone, answer, ...details]).toEqual([
      'bad',
      'c is x for all 100 answers.',
      'b is x for 97 %.',
      'a is y for 10 of 100.',
      'Compare them with the pictures below.',
    ]);
  });

  test('a model that changed during the run is odd, one that told no version now and then is not', () => {
    const summary = summaryOf({ succeeded: 100 });
    const seen = (version: string, rows: number) => ({ analyzer: 'gemini', model: 'gemini-3.5-flash', version, rows });
    expect(judgeAnswers({ ...summary, models: [seen('3.5-001', 90), seen('3.5-002', 10)] }, [])).toMatchObject({
      tone: 'watch',
      answer: 'The answers are of 2 versions of the model: 3.5-001 (90 rows), 3.5-002 (10 rows).',
    });
    expect(judgeAnswers({ ...summary, models: [seen('3.5-001', 90), seen('', 10)] }, [])).toMatchObject({
      tone: 'good',
    });
  });

  test('a handful of answers is no pattern, and none is nothing to judge', () => {
    expect(judgeAnswers(summaryOf({ succeeded: 1 }, {}, [words('light', { day: 1 })]), [light])).toMatchObject({
      tone: 'open',
      answer: 'Nothing stands out in 1 answer.',
    });
    expect(judgeAnswers(summaryOf({ failed: 3 }), [light])).toMatchObject({ answer: 'There is no answer to judge.' });
  });
});

describe('what to fix first', () => {
  const run = { ...STANDING, total: 10 };
  const NO_REJECTS = { rejected: 0, rejects: null };
  const done = summaryOf({ succeeded: 10 });

  test.each([
    [run, done, 0, 'good', 'Nothing: no asset failed.'],
    [
      run,
      summaryOf({ succeeded: 6, skipped: 3, failed: 1 }, { ImageUnreadable: 3, WorkerBug: 1 }),
      2,
      'bad',
      'Fix first: ImageUnreadable, 3 assets. The file is not an image, is empty, or is damaged.',
    ],
    [
      run,
      summaryOf({ succeeded: 9, skipped: 1 }, { NoImages: 1 }),
      31,
      'watch',
      'Fix first: 31 entries of the source that became no asset.',
    ],
    [{ ...run, state: 'paused', reasons: ['operator'] }, done, 0, 'watch', 'Fix first: the run is paused (operator).'],
    [{ ...run, state: 'running' }, summaryOf({ succeeded: 4 }), 0, 'open', 'Nothing so far.'],
    [
      { ...run, state: 'cancelled' },
      summaryOf({ succeeded: 4 }),
      0,
      'watch',
      'Nothing failed, but 6 assets were not looked at.',
    ],
    [
      { ...run, state: 'failed', failure: { name: 'AccountingMismatch', message: '9 rows, not 10' } },
      done,
      0,
      'bad',
      'Fix first: AccountingMismatch. The rows in the store are not the rows that the run produced.',
    ],
  ] as const)('%#', (standing, summary, rejected, tone, answer) => {
    expect(fixFirst(standing, summary, { rejected, rejects: null })).toMatchObject({ tone, answer });
  });

  test('names the command that shows rejected entries which stand in a table', () => {
    const { details } = fixFirst(run, done, { rejected: 2, rejects: 'bq://my-project.results.m_rejects' });
    expect(details).toEqual([expect.stringContaining('SELECT * FROM `my-project.results.m_rejects`')]);
  });

  test('names the file in which rejected entries can be mended', () => {
    const { details } = fixFirst(run, done, { rejected: 2, rejects: '/data/poles.rejects.csv' });
    expect(details).toEqual([
      'Copy /data/poles.rejects.csv beside the source, mend them there, and start a run with the copy.',
    ]);
  });

  test('says how, and that there is more', () => {
    const { details } = fixFirst(
      run,
      summaryOf({ skipped: 3, failed: 1 }, { ImageUnreadable: 3, WorkerBug: 1 }),
      NO_REJECTS,
    );
    expect(details).toEqual([
      'Open the file in a viewer; export or download it again.',
      '1 other cause below, with no more assets.',
    ]);
  });
});

describe('the sentence under the title', () => {
  const some = summaryOf({ succeeded: 4, failed: 1 });
  test.each([
    [{ total: 5 }, some, '4 of 5 assets have an answer; every asset has a row.'],
    [{ total: 5 }, summaryOf({ succeeded: 5 }), 'All 5 assets have an answer.'],
    [{ total: 1 }, summaryOf({ succeeded: 1 }), 'The one asset has an answer.'],
    [{ total: 9, state: 'running' }, some, 'The run goes on: 5 of 9 assets had a row when this page was made.'],
    [
      { total: 9, state: 'cancelled' },
      some,
      'The run was cancelled with rows for 5 of 9 assets; the rest was not looked at.',
    ],
    [
      { total: 9, state: 'terminated' },
      some,
      'The run was ended from outside with rows for 5 of 9 assets; the others have none.',
    ],
    [
      { total: 9, state: 'paused' },
      some,
      'The run is paused with rows for 5 of 9 assets; what follows is true of these.',
    ],
    [{ total: 9, state: 'failed' }, some, 'The run failed with rows for 5 of 9 assets.'],
  ] as const)('%#', (more, summary, sentence) => {
    expect(truthSentence({ ...STANDING, ...more }, summary)).toBe(sentence);
  });
});

test('shares are never rounded to nothing or everything', () => {
  expect([shareOf(1, 1_000), shareOf(999, 1_000), shareOf(0, 5), shareOf(5, 5), shareOf(1, 3)]).toEqual([
    'under 1 %',
    'over 99 %',
    '0 %',
    '100 %',
    '33 %',
  ]);
});

test('numbers keep four digits that count', () => {
  expect([0.95794, 1204, 0.000123456, 1e-12, 1e300, -3.12346].map(formatValue)).toEqual([
    '0.9579',
    '1,204',
    '0.0001235',
    '1e-12',
    '1e+300',
    '-3.123',
  ]);
});

import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { RUN_STATES } from '../../../contracts/run.ts';
import { reportPage } from '../../../cli/report/report-page.ts';
import type { ReportData } from '../../../cli/report/report-data.ts';
import { cardOf, fieldOf, group, reportOf, STANDING, summaryOf } from './report-samples.ts';

const STYLES = await readFile(new URL('../../../cli/report/report.css', import.meta.url), 'utf8');

function page(data: ReportData): string {
  return reportPage(data, STYLES);
}

const ATTACK = `</style></title><script>alert(1)</script><img src=x onerror=alert(1)>" onload="alert(1)`;

test('the head says where the run stands and answers the three questions in their order', () => {
  const html = page(reportOf({ run: { ...STANDING, total: 2 }, summary: summaryOf({ succeeded: 2 }) }));
  const said = [
    'completed',
    'All 2 assets have',
    'Is the source usable?',
    'Are the answers plausible?',
    'What to fix first?',
  ];
  const places = said.map((text) => html.indexOf(text));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test('everything that came from outside is text', () => {
  const fields = [
    fieldOf({ name: 'caption', type: 'string', description: ATTACK }),
    fieldOf({ name: 'light', type: 'one-of', values: [ATTACK] }),
  ];
  const row = { asset_id: ATTACK, outcome: 'succeeded', caption: ATTACK, light: ATTACK };
  const picture = { kind: 'absent', name: ATTACK, why: ATTACK } as const;
  const shown = { kind: 'shown', name: ATTACK, dataUri: 'data:,', widthPx: 1, heightPx: 1, hasChanged: true } as const;
  const base = reportOf({}, fields);
  const record = base.record!;
  const html = page({
    ...base,
    run: {
      ...STANDING,
      name: ATTACK,
      notes: [ATTACK],
      state: 'failed',
      failure: { name: 'WorkerBug', message: ATTACK },
    },
    record: {
      ...record,
      tags: [ATTACK],
      request: {
        ...record.request,
        source: { kind: 'csv', path: ATTACK, map: { id: ATTACK } },
        analyzer: { kind: ATTACK, model: ATTACK, settings: { [ATTACK]: ATTACK } },
      },
    },
    prompt: { name: 'x', title: ATTACK, words: ATTACK, fields, digest: '' },
    summary: {
      ...summaryOf({ succeeded: 1 }, {}, [
        { kind: 'texts', name: 'caption', filled: 1, distinct: 1, lengths: { min: 1, max: 1 }, samples: [0] },
        { kind: 'words', name: 'light', filled: 1, distinct: 1, values: [group(ATTACK, 1)] },
      ]),
      models: [{ analyzer: ATTACK, model: ATTACK, version: ATTACK, rows: 1 }],
    },
    sheet: [cardOf(ATTACK, { row, reasons: [ATTACK], pictures: [picture, shown] })],
    causes: [{ name: ATTACK, rows: 1, samples: [{ assetId: ATTACK, message: ATTACK }] }],
    texts: new Map([['caption', [{ assetId: ATTACK, text: ATTACK }]]]),
    files: [ATTACK],
  });
  expect(html.split('&lt;script&gt;').length).toBeGreaterThan(20);
  expect(html).not.toContain('<script');
  expect(html).not.toContain('<img src=x');
  expect(html.match(/<\/style>/g)).toHaveLength(1);
  expect(html.replaceAll(/"[^"]*"/g, '""').match(/<[^>]* on\w+=/g)).toBeNull();
});

test('nothing is loaded from anywhere, and the policy of the page forbids it', () => {
  const html = page(reportOf());
  expect(html).toMatch(/content="default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-[\w+/=]{44}&#39;/);
  expect(html).not.toMatch(/(src|href)="(?!data:)/);
  expect(STYLES).not.toMatch(/url\(|@import|<\//);
  expect(html).not.toMatch(/ style="/);
});

describe('of a run', () => {
  test.each(RUN_STATES)('that is %s, without a row', (state) => {
    const html = page(reportOf({ run: { ...STANDING, state, total: 10 } }));
    expect(html).toContain(`<strong class="state ${state}">${state}</strong>`);
    expect(html).toContain('No asset has been looked at yet.');
    expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test('that was never recorded', () => {
    const failure = { name: 'InvalidRequest', message: 'The source has no assets' } as const;
    const html = page({ ...reportOf({ run: { ...STANDING, state: 'failed', failure } }), record: null });
    expect(html).toContain('Fix first: InvalidRequest.');
    expect(html).toContain('This data folder has no record of the run.');
  });
});

test('a field shows what it is made of, and what nobody answered', () => {
  const spread = {
    min: 0.1,
    median: 0.5,
    max: 0.9,
    bins: [
      { from: 0, to: 0.5, rows: 3 },
      { from: 0.5, to: 1, rows: 1 },
    ],
    lowest: [],
    highest: [],
  };
  const html = page(
    reportOf(
      {
        summary: summaryOf({ succeeded: 4 }, {}, [
          { kind: 'numbers', name: 'sharpness', filled: 4, spread },
          { kind: 'words', name: 'light', filled: 4, distinct: 1, values: [group('day', 4)] },
          { kind: 'numbers', name: 'lamps', filled: 0, spread: null },
        ]),
      },
      [
        fieldOf({ name: 'sharpness', type: 'number' }),
        fieldOf({ name: 'light', type: 'one-of', values: ['day', 'night'] }),
        fieldOf({ name: 'lamps', type: 'integer' }),
      ],
    ),
  );
  expect(html).toContain('aria-label="sharpness: minimum 0.1, median 0.5, maximum 0.9"');
  expect(html).toMatch(/<td>0<\/td><td>0.5<\/td><td>3<\/td>/);
  expect(html).toMatch(/night[\s\S]*?<td>0<\/td><td>0 %<\/td>/);
  expect(html).toMatch(/<h3>lamps<\/h3>\s*<p class="small"><\/p>\s*<p>No answer.<\/p>/);
});

test('a cost that is not known is unknown, never 0', () => {
  expect(page(reportOf({ summary: summaryOf({ succeeded: 2 }) }))).toMatch(/<dt>cost<\/dt><dd>unknown<\/dd>/);
});

test('says how many images are not on the sheet, and how many assets have the same cause', () => {
  const html = page(
    reportOf({
      summary: summaryOf({ skipped: 9 }, { ImageMissing: 9 }),
      sheet: [cardOf('a', { morePictures: 3, row: { outcome: 'skipped' } })],
      causes: [{ name: 'ImageMissing', rows: 9, samples: [{ assetId: 'a', message: 'gone' }] }],
    }),
  );
  expect(html).toContain('and 3 more images');
  expect(html).toContain('and 8 others');
  expect(html).toContain('1 of 9 assets: some of each outcome');
});

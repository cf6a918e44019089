import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResultColumn } from '../../contracts/filter.ts';
import { MAX_FILTER_LENGTH, parseFilter } from '../../filters/parse-filter.ts';
import { arbitraryFilter } from './arbitrary-filter.ts';
import { printFilter } from './print-filter.ts';

const COLUMNS: readonly ResultColumn[] = [
  { name: 'asset_id', type: 'text' },
  { name: 'outcome', type: 'text', values: ['succeeded', 'failed', 'skipped'] },
  { name: 'sharpness', type: 'number' },
  { name: 'location.latitude', type: 'number' },
  { name: 'blurred', type: 'boolean' },
  { name: 'analyzed_at', type: 'time' },
  { name: 'issues', type: 'texts' },
  { name: 'attributes', type: 'attributes' },
  { name: 'not', type: 'text' },
];

const parse = (text: string) => parseFilter(text, COLUMNS);

/** The filter in the form in which it is printed, or what is wrong with it. */
function read(text: string): string {
  const result = parse(text);
  return result.ok ? printFilter(result.value) : `${result.failure.message}\n${result.failure.detail}`;
}

describe('a filter', () => {
  it.each([
    ['sharpness < 0.2 and outcome = succeeded', `"sharpness" < 0.2 and "outcome" = 'succeeded'`],
    ['  sharpness<0.2   AND\noutcome="succeeded" ', `"sharpness" < 0.2 and "outcome" = 'succeeded'`],
    ['sharpness >= -1.5e2', '"sharpness" >= -150'],
    ["sharpness < '0.2'", '"sharpness" < 0.2'],
    ['blurred = TRUE', '"blurred" = true'],
    ['blurred != true', 'not "blurred" = true'],
    ['issues ~ blur or issues = small', `"issues" ~ 'blur' or "issues" = 'small'`],
    ["asset_id in (a, \"b c\", 'd''e')", `"asset_id" in ('a', 'b c', 'd''e')`],
    ['asset_id not in (a)', `not "asset_id" in ('a')`],
    ['asset_id = 12', `"asset_id" = '12'`],
    ['asset_id = photos/a-1.jpg', `"asset_id" = 'photos/a-1.jpg'`],
    ['sharpness is null', '"sharpness" is null'],
    ['sharpness IS NOT NULL', 'not "sharpness" is null'],
    ['location.latitude > 48', '"location.latitude" > 48'],
    ['attributes.street = Main', "attributes.'street' = 'Main'"],
    ['attributes.a.b = 3', "attributes.'a.b' = 3"],
    ['attributes."Street name" = "3"', "attributes.'Street name' = '3'"],
    ['analyzed_at > 2026-11-21', '"analyzed_at" > 2026-11-21T00:00:00.000Z'],
    ['analyzed_at > "2026-11-21 10:30"', '"analyzed_at" > 2026-11-21T10:30:00.000Z'],
    ['analyzed_at > 2026-11-21T10:30:00+02:00', '"analyzed_at" > 2026-11-21T08:30:00.000Z'],
    ['"not" = "not" and not "not" = x', `"not" = 'not' and not "not" = 'x'`],
    ['blurred=true or blurred=false and sharpness=1', '"blurred" = true or ("blurred" = false and "sharpness" = 1)'],
    ['(blurred=true or blurred=false) and sharpness=1', '("blurred" = true or "blurred" = false) and "sharpness" = 1'],
    ['not not (blurred = true)', 'not not "blurred" = true'],
    ['not (blurred = true and sharpness = 1)', 'not ("blurred" = true and "sharpness" = 1)'],
  ])('%j means %j', (text, printed) => expect(read(text)).toBe(printed));

  const texts = fc.string({ unit: 'binary', maxLength: 8 });
  const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
  const keys = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
  const filters = arbitraryFilter(COLUMNS, texts, numbers, keys);

  it('is the same when it is printed and read again', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const printed = printFilter(filter);
        fc.pre(printed.length <= MAX_FILTER_LENGTH);
        expect(parse(printed)).toEqual({ ok: true, value: filter });
      }),
      { seed: 20_261_121, numRuns: 1_000 },
    );
  });
});

describe('a filter that is wrong', () => {
  it.each([
    ['', 1, 'a column is expected, the filter ends here; for example: sharpness < 0.2'],
    ['sharpnes < 1', 1, 'there is no column "sharpnes"; did you mean "sharpness"?'],
    ['blurred = true and Outcome = x', 20, 'did you mean "outcome"?'],
    ['colour = red', 1, 'there is no column "colour"; there are asset_id, outcome, '],
    ['location > 3', 1, 'did you mean "location.latitude"?'],
    ['sharpness = abc', 13, '"sharpness" takes a number, not "abc"'],
    ['sharpness < 1e999', 13, '"sharpness" takes a number, not "1e999"'],
    ['sharpness ~ 1', 11, '"sharpness" is a number, which takes =, !=, <, <=, > and >=, not ~'],
    ['blurred = maybe', 11, '"blurred" takes true or false, not "maybe"'],
    ['blurred < true', 9, '"blurred" is true or false, which takes = and !=, not <'],
    ['blurred', 8, 'an operator is expected after "blurred"; for example: blurred = true'],
    ['issues > a', 8, '"issues" is a list of texts, which takes =, != and ~, not >'],
    ['analyzed_at > yesterday', 15, 'takes a time such as 2026-11-21'],
    ['analyzed_at > 2026-02-30', 15, 'takes a time such as'],
    ['outcome = succeded', 11, '"succeded" never occurs in this column; did you mean "succeeded"?'],
    ['outcome in (failed, lost)', 21, '"lost" never occurs in this column; there are succeeded, failed, skipped'],
    ['asset_id = null', 12, 'write "is null" or "is not null"'],
    ['asset_id = and blurred = true', 12, '"and" as a text needs quotes'],
    ['asset_id = ', 12, 'a value for "asset_id" is expected'],
    ['asset_id = Main Street', 17, 'a text of several words needs quotes'],
    ['asset_id == a', 10, 'there is no operator "=="; write "="'],
    ['asset_id <> a', 10, 'write "!="'],
    ['asset_id ! a', 10, 'there are = != < <= > >= ~'],
    ['blurred = true && sharpness = 1', 16, 'write "and"'],
    ['asset_id like a', 10, 'an operator is expected after "asset_id"'],
    ["asset_id = 'a", 12, "the quote ' is not closed"],
    ['(blurred = true', 1, 'this parenthesis is not closed'],
    ['blurred = true)', 15, 'this parenthesis closes nothing'],
    ['asset_id in a', 13, 'a list in parentheses is expected after "in"'],
    ['asset_id in ()', 14, 'a value for "asset_id" is expected'],
    ['asset_id in (a b)', 16, '"," or ")" is expected'],
    ['asset_id is a', 13, '"null" or "not null" is expected'],
    ['asset_id not a', 14, '"in" is expected after "not" here'],
    ['and = 1', 1, 'a column is expected, not "and"'],
    ['attributes = 1', 1, "say which attribute: attributes.street, or attributes.'Street name'"],
    ['attributes. = 1', 1, 'say which attribute'],
    ['attributes.n = 9007199254740993', 16, 'whole numbers beyond 9007199254740991 cannot be compared exactly'],
    ['attributes.n < -9007199254740992', 16, 'in quotes it is compared as a text'],
    ['attributes.n in (1, 1e30)', 21, 'whole numbers beyond 9007199254740991'],
    [`asset_id = ${'a'.repeat(MAX_FILTER_LENGTH)}`, 1, 'it is longer than 4000 characters'],
    [`${'('.repeat(60)}blurred = true${')'.repeat(60)}`, 51, 'it is nested more than 50 deep'],
    [`${'not '.repeat(60)}blurred = true`, 201, 'it is nested more than 50 deep'],
  ])('%j: character %i, %s', (text, character, message) => {
    const found = parse(text);
    expect(found).toMatchObject({ failure: { name: 'InvalidRequest', message: expect.stringContaining(message) } });
    expect(read(text)).toMatch(new RegExp(`^The filter is wrong at character ${character}: `));
  });

  it('is shown with carets below what is wrong, however long it is', () => {
    expect(read('blurred = true and\tsharpnes < 1').split('\n').slice(1)).toEqual([
      'blurred = true and sharpnes < 1',
      '                   ^^^^^^^^',
    ]);
    const [, shown = '', carets = ''] = read(`${'blurred = true or '.repeat(100)}x = 1`).split('\n');
    expect(shown.length).toBeLessThan(140);
    expect(shown.slice(carets.indexOf('^'))).toBe('x = 1');
  });

  it('is never anything but refused, whatever the text', () => {
    const pieces = [
      ...COLUMNS.map(({ name }) => name),
      'and',
      'or',
      'not',
      'in',
      'is',
      'null',
      '(',
      ')',
      ',',
      '=',
      '<',
    ];
    const more = [
      '!=',
      '~',
      "'",
      '"',
      ' ',
      '.',
      '1',
      'true',
      '2026-11-21',
      '\n',
      'attributes.',
      '😀',
      '\\',
      '$1',
      '--',
    ];
    const piece = fc.oneof(fc.constantFrom(...pieces, ...more), fc.string({ unit: 'binary', maxLength: 4 }));
    const outcomes = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('', ' '), (words, between) => {
        const text = words.join(between);
        const result = parse(text);
        outcomes[result.ok ? 'read' : 'refused'] += 1;
        if (result.ok) return;
        expect(result.failure.name).toBe('InvalidRequest');
        expect(result.failure.detail).toMatch(/^.*\n *\^+$/);
      }),
      { seed: 20_261_121, numRuns: 3_000 },
    );
    expect(outcomes.refused).toBeGreaterThan(1_000);
  });
});

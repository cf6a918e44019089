import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PromptField } from '../../contracts/prompt.ts';
import { checkFindings } from '../../prompts/check-findings.ts';

const base = { description: '', required: true } as const;
const FIELDS: readonly PromptField[] = [
  { ...base, name: 'note', type: 'string', maxLength: 10 },
  { ...base, name: 'count', type: 'integer', min: 0, max: 9 },
  { ...base, name: 'share', type: 'number', min: 0, max: 1 },
  { ...base, name: 'lit', type: 'boolean' },
  { ...base, name: 'kind', type: 'one-of', values: ['wood', 'steel'] },
  { ...base, name: 'tags', type: 'strings', maxLength: 5 },
  { ...base, name: 'remark', type: 'string', required: false },
];
const GOOD = { note: 'fine', count: 3, share: 0.5, lit: false, kind: 'wood', tags: ['a', 'b'], remark: 'x' };

describe('checking an answer against the fields', () => {
  it('passes what fits, in the order of the fields', () => {
    const turned = Object.fromEntries(Object.entries(GOOD).toReversed());
    const result = checkFindings(FIELDS, turned);
    expect(result).toEqual({ ok: true, value: GOOD });
    expect(Object.keys(result.ok ? result.value : {})).toEqual(FIELDS.map(({ name }) => name));
  });

  it('fills optional fields without an answer with null', () => {
    const { remark: _, ...rest } = GOOD;
    expect(checkFindings(FIELDS, rest)).toEqual({ ok: true, value: { ...GOOD, remark: null } });
  });

  it('takes the bounds themselves, and empty texts and lists', () => {
    const edges = { ...GOOD, note: '', count: 9, share: 1, tags: [] };
    expect(checkFindings(FIELDS, edges)).toEqual({ ok: true, value: edges });
  });

  it.each([
    [{ note: undefined }, 'Field "note" is missing in the answer'],
    [{ note: null }, 'Field "note" is missing in the answer'],
    [{ note: 5 }, 'Field "note" must be text, not 5'],
    [{ note: 'x'.repeat(11) }, 'Field "note" has a text of 11 characters; the limit is 10'],
    [{ count: '3' }, 'Field "count" must be a whole number, not "3"'],
    [{ count: 2.5 }, 'Field "count" must be a whole number, not 2.5'],
    [{ count: -1 }, 'Field "count" is -1; the least is 0'],
    [{ count: 10 }, 'Field "count" is 10; the most is 9'],
    [{ share: NaN }, 'Field "share" must be a number, not null'],
    [{ share: 1.01 }, 'Field "share" is 1.01; the most is 1'],
    [{ lit: 'yes' }, 'Field "lit" must be true or false, not "yes"'],
    [{ kind: 'Wood' }, 'Field "kind" must be one of wood, steel, not "Wood"'],
    [{ tags: 'a' }, 'Field "tags" must be a list of texts, not "a"'],
    [{ tags: ['a', 1] }, 'Field "tags" must be text, not 1'],
    [{ tags: ['abcdef'] }, 'Field "tags" has a text of 6 characters; the limit is 5'],
    [{ tags: Array.from({ length: 1001 }, () => '') }, 'Field "tags" has 1001 entries; the limit is 1000'],
    [{ extra: 1 }, 'The answer has "extra", which is no field of the prompt'],
  ])('refuses %j and names the field', (change, message) => {
    expect(checkFindings(FIELDS, { ...GOOD, ...change })).toEqual({
      ok: false,
      failure: { name: 'AnswerInvalid', message },
    });
  });

  it.each([null, undefined, 'text', 3, [], [GOOD]])('refuses what is no object: %j', (answer) => {
    expect(checkFindings(FIELDS, answer)).toMatchObject({ failure: { name: 'AnswerInvalid' } });
  });

  it('finds nothing in what an object inherits', () => {
    const field = { ...base, name: 'constructor', type: 'string' } as const;
    expect(checkFindings([field], {})).toMatchObject({
      failure: { message: 'Field "constructor" is missing in the answer' },
    });
  });

  it('passes only answers in which every required field is filled with its type', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...FIELDS.map(({ name }) => name)), fc.jsonValue()), (change) => {
        const result = checkFindings(FIELDS, { ...GOOD, ...change });
        if (!result.ok) {
          expect(result.failure.name).toBe('AnswerInvalid');
          return;
        }
        const { note, count, share, lit, kind, tags } = result.value;
        expect([typeof note, typeof count, typeof share, typeof lit]).toEqual([
          'string',
          'number',
          'number',
          'boolean',
        ]);
        expect(['wood', 'steel']).toContain(kind);
        expect(Array.isArray(tags)).toBe(true);
      }),
      { seed: 20_261_121, numRuns: 500 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Prompt, PromptField } from '../../contracts/prompt.ts';
import { checkPrompt, toResult } from '../../prompts/check-prompt.ts';
import { RESERVED_FIELD_NAMES } from '../../prompts/reserved-names.ts';

const parse = (text: string, name = 'poles') => toResult(`prompts/${name}.yaml`, checkPrompt({ name, text }));

function messageOf(text: string, name = 'poles'): string {
  const result = parse(text, name);
  if (result.ok) return 'parsed';
  expect(result.failure.name).toBe('InvalidRequest');
  return result.failure.message;
}

const field = (lines: string) => `words: Look.\nfields:\n  - ${lines.split('\n').join('\n    ')}\n`;

describe('a prompt file', () => {
  it('becomes a prompt with all that it says', () => {
    const result = parse(`title: Utility poles
subject: a utility pole
words: |
  Look at the pole.
fields:
  - name: leaning
    type: boolean
  - { name: height, type: number, min: 0, max: 60.5, required: false, description: In metres. }
  - { name: wires, type: integer, min: 0 }
  - { name: material, type: one-of, values: [wood, steel] }
  - { name: note, type: string, maxLength: 300 }
  - { name: tags, type: strings }
`);
    expect(result).toEqual({
      ok: true,
      value: {
        name: 'poles',
        title: 'Utility poles',
        subject: 'a utility pole',
        words: 'Look at the pole.',
        fields: [
          { name: 'leaning', type: 'boolean', description: '', required: true },
          { name: 'height', type: 'number', description: 'In metres.', required: false, min: 0, max: 60.5 },
          { name: 'wires', type: 'integer', description: '', required: true, min: 0 },
          { name: 'material', type: 'one-of', description: '', required: true, values: ['wood', 'steel'] },
          { name: 'note', type: 'string', description: '', required: true, maxLength: 300 },
          { name: 'tags', type: 'strings', description: '', required: true },
        ],
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
  });

  it('has a digest that changes with its content and not with its layout', () => {
    const digest = (text: string, name?: string) => {
      const result = parse(text, name);
      return result.ok ? result.value.digest : result.failure.message;
    };
    const one = digest(field('name: a\ntype: string'));
    expect(digest(`# a comment\n${field('type: string\nname: a')}`)).toBe(one);
    const others = [
      digest(field('name: a\ntype: string'), 'other'),
      digest(field('name: a\ntype: string\nrequired: false')),
      digest(field('name: a\ntype: string\ndescription: b')),
      digest(`title: T\n${field('name: a\ntype: string')}`),
    ];
    expect(new Set([one, ...others]).size).toBe(5);
  });
});

describe('a prompt file that is wrong', () => {
  it.each([
    ['', /must be a YAML mapping with title, subject, words, fields/],
    ['- a', /must be a YAML mapping/],
    ['words: [', /line 1: is not valid YAML/],
    ['words: a\nwords: b', /line 2: key "words" is there twice/],
    [field('name: a\ntype: string\ntype: number'), /line 5: key "type" is there twice/],
    ['words: a\n---\nwords: b', /line 2: holds more than one YAML document/],
    ['words:\n\ttabs', /line 2: is not valid YAML: Tabs are not allowed/],
    ['words: !fancy a', /line 1: is not valid YAML: Unresolved tag/],
    ['title: &t a\nwords: *t', /line 2: YAML aliases \(\*name\) are not followed/],
    ['base: &b {type: string}\nfields:\n  - {name: a, <<: *b}', /line 3: YAML aliases/],
    ['? [a]\n: b', /line 1: a key must be a word/],
    ['words: Ok.\u0000\nfields: 3', /line 2: "fields" must be a list/],
    ['words: a\nfeilds: []', /line 2: unknown key "feilds"; did you mean "fields"\?/],
    ['words: a\ncolour: red', /line 2: unknown key "colour"; a prompt has title/],
    ['fields:\n  - {name: a, type: string}', /"words" is missing/],
    ['words: 3\nfields:\n  - {name: a, type: string}', /line 1: "words" must be a text/],
    ['title: ""\nwords: a', /line 1: "title" must be a text/],
    ['words: a', /"fields" must be a list with at least one field/],
    ['words: a\nfields: []', /line 2: "fields" must be a list/],
    ['words: a\nfields:\n  - sharpness', /line 3: field 1 must be a mapping/],
    [
      'words: a\nfields:\n  - {name: a, type: string}\n  - {name: a, type: boolean}',
      /line 4: field "a" is there twice/,
    ],
    [field('type: string'), /line 3: field 1: "name" must be snake_case/],
    [field('name: Sharpness\ntype: number'), /field "Sharpness": "name" must be snake_case/],
    [field(`name: ${'a'.repeat(61)}\ntype: number`), /at most 60 characters/],
    [field('name: a\ntype: nmuber'), /field "a": "type" must be one of .* did you mean "number"\?/],
    [field('name: a'), /"type" must be one of/],
    [field('name: a\ntype: string\nmaxlength: 3'), /unknown key "maxlength"; did you mean "maxLength"\?/],
    [
      field('name: a\ntype: boolean\nmin: 3'),
      /unknown key "min"; a boolean field has name, type, description, required/,
    ],
    [field('name: a\ntype: number\nmin: low'), /"min" must be a number/],
    [field('name: a\ntype: number\nmax: .inf'), /"max" must be a number/],
    [field('name: a\ntype: integer\nmin: 1.5'), /"min" must be a whole number/],
    [field('name: a\ntype: number\nmin: 2\nmax: 1'), /"min" 2 is above "max" 1/],
    [field('name: a\ntype: string\nmaxLength: 0'), /"maxLength" must be a whole number from 1/],
    [field('name: a\ntype: string\nrequired: maybe'), /"required" must be true or false/],
    [field('name: a\ntype: string\ndescription: 3'), /"description" must be a text/],
    [field('name: a\ntype: one-of'), /"values" must list the possible answers/],
    [field('name: a\ntype: one-of\nvalues: []'), /"values" must list/],
    [field('name: a\ntype: one-of\nvalues: [true, "false"]'), /"values" must be texts; put true in quotes/],
    [field('name: a\ntype: one-of\nvalues: [x, x]'), /"values" holds "x" twice/],
  ])('says where and what: %j', (text, message) => {
    expect(messageOf(text)).toMatch(message);
    expect(messageOf(text)).toMatch(/^Prompt prompts\/poles\.yaml( line \d+)?: /);
  });

  it.each([...RESERVED_FIELD_NAMES])('may not have a field with the name of the column %s', (name) => {
    expect(messageOf(field(`name: ${name}\ntype: string`))).toMatch(
      /the results table has a column of this name already/,
    );
  });

  it('may not have a field that answers give by themselves', () => {
    expect(messageOf(field('name: visible\ntype: boolean'))).toMatch(
      /every answer of a prompt with a "subject" says this/,
    );
  });

  it('may have no name that cannot be a folder', () => {
    expect(messageOf(field('name: a\ntype: string'), 'My Prompt')).toMatch(/name of the file may hold only/);
  });

  it('is not expanded, nor read without bounds', () => {
    const bomb = Array.from(
      { length: 20 },
      (_, i) => `x${i}: &a${i} [${i === 0 ? '1' : `*a${i - 1},*a${i - 1},*a${i - 1}`}]`,
    ).join('\n');
    expect(messageOf(bomb)).toMatch(/line 2: YAML aliases/);
    expect(messageOf('x'.repeat(200_001))).toMatch(/larger than 200 KB/);
    expect(messageOf('['.repeat(50_000))).toMatch(/is not valid YAML/);
    expect(messageOf(Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'))).toMatch(/and 99 more/);
  });

  it('says everything at once, from top to bottom', () => {
    const text = `titel: T
words: 3
fields:
  - name: A
    type: string
  - name: wires
    type: integer
    min: none
  - {name: lit, type: boolean}
`;
    expect(checkPrompt({ name: 'poles', text })).toEqual({
      ok: false,
      problems: [
        { line: 1, message: 'unknown key "titel"; did you mean "title"?' },
        { line: 2, message: '"words" must be a text' },
        { line: 4, message: expect.stringContaining('field "A": "name" must be snake_case') },
        { line: 8, message: 'field "wires": "min" must be a number' },
      ],
    });
    expect(messageOf(text)).toMatch(/^Prompt prompts\/poles\.yaml line 1: unknown key .* \(and 3 more\)$/);
  });

  it('never throws, whatever the text', () => {
    const tokens = [
      'words',
      'fields',
      'name',
      'type',
      ':',
      ' ',
      '\n',
      '  - ',
      '[',
      ']',
      '{',
      '}',
      '&a',
      '*a',
      '"',
      '|',
      'string',
      '#',
      '\t',
      '?',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...tokens), fc.string({ maxLength: 5 })), { maxLength: 30 }),
        (parts) => {
          const text = parts.join('');
          const check = checkPrompt({ name: 'poles', text });
          const lines = text.split('\n').length;
          for (const { line, message } of check.ok ? [] : check.problems) {
            expect(message).not.toBe('');
            if (line !== null) expect(line >= 1 && line <= lines).toBe(true);
          }
        },
      ),
      { seed: 20_261_121, numRuns: 1000 },
    );
  });
});

const text = (maxLength: number) =>
  fc
    .string({ unit: 'binary', minLength: 1, maxLength })
    .map((value) => value.trim())
    .filter((value) => value !== '');
const bounds = (value: fc.Arbitrary<number>) =>
  fc
    .tuple(fc.option(value, { nil: undefined }), fc.option(value, { nil: undefined }))
    .map(([a, b]) => (a !== undefined && b !== undefined && a > b ? [b, a] : [a, b]))
    .map(([min, max]) => ({ ...(min !== undefined && { min }), ...(max !== undefined && { max }) }));
const maxLength = fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined });
const ofType: fc.Arbitrary<Partial<PromptField>> = fc.oneof(
  maxLength.map((most) => ({ type: 'string' as const, ...(most !== undefined && { maxLength: most }) })),
  maxLength.map((most) => ({ type: 'strings' as const, ...(most !== undefined && { maxLength: most }) })),
  bounds(fc.maxSafeInteger()).map((most) => ({ type: 'integer' as const, ...most })),
  bounds(fc.double({ noNaN: true, noDefaultInfinity: true })).map((most) => ({ type: 'number' as const, ...most })),
  fc.constant({ type: 'boolean' as const }),
  fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 6 })
    .map((values) => ({ type: 'one-of' as const, values })),
);
const fieldOfPrompt = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/), ofType, fc.boolean(), text(80))
  .filter(([name]) => !RESERVED_FIELD_NAMES.has(name))
  .map(([name, rest, required, description]) => ({ name, description, required, ...rest }) as PromptField);
const prompts: fc.Arbitrary<Omit<Prompt, 'name' | 'digest'>> = fc.record(
  {
    title: text(200),
    subject: text(500),
    words: text(2_000),
    fields: fc.uniqueArray(fieldOfPrompt, { minLength: 1, maxLength: 12, selector: ({ name }) => name }),
  },
  { requiredKeys: ['title', 'words', 'fields'] },
);

it('is the prompt that was written, whatever its texts, values and bounds', () => {
  fc.assert(
    fc.property(prompts, fc.constantFrom('\n', '\r\n'), fc.boolean(), (prompt, newline, marked) => {
      const written = stringify(prompt, { lineWidth: 0, aliasDuplicateObjects: false }).replaceAll('\n', newline);
      const result = parse(`${marked ? '\ufeff' : ''}${written}`);
      expect(result).toEqual({ ok: true, value: { name: 'poles', ...prompt, digest: expect.any(String) } });
    }),
    { seed: 20_261_121, numRuns: 300 },
  );
});

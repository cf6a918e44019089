import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrompt } from '../../prompts/parse-prompt.ts';
import { RESERVED_FIELD_NAMES } from '../../prompts/reserved-names.ts';

const parse = (text: string, name = 'poles') => parsePrompt({ name, path: `prompts/${name}.yaml`, text });

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
    ['words: a\nwords: b', /line 2: is not valid YAML/],
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

  it('may have no name that cannot be a folder', () => {
    expect(messageOf(field('name: a\ntype: string'), 'My Prompt')).toMatch(/name of the file may hold only/);
  });

  it('is not expanded without bounds', () => {
    const bomb = Array.from(
      { length: 20 },
      (_, i) => `x${i}: &a${i} [${i === 0 ? '1' : `*a${i - 1},*a${i - 1},*a${i - 1}`}]`,
    ).join('\n');
    expect(messageOf(bomb)).toMatch(/unknown key "x0"/);
    expect(messageOf(`words: a\nfields:\n  - name: &n a\n    type: one-of\n    values: *n\n`)).toMatch(
      /values|anchor|alias/i,
    );
    expect(messageOf('x'.repeat(200_001))).toMatch(/larger than 200 KB/);
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
          expect(typeof parse(parts.join('')).ok).toBe('boolean');
        },
      ),
      { seed: 20_261_121, numRuns: 1000 },
    );
  });
});

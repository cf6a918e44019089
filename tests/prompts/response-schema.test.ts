import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PromptField } from '../../contracts/prompt.ts';
import { checkFindings } from '../../prompts/check-findings.ts';
import { listPrompts } from '../../prompts/list-prompts.ts';
import { responseSchema } from '../../prompts/response-schema.ts';

const base = { description: '', required: true } as const;
const FIELDS: readonly PromptField[] = [
  { ...base, name: 'note', type: 'string', maxLength: 4 },
  { ...base, name: 'remark', type: 'string', required: false },
  { ...base, name: 'count', type: 'integer', min: 0, max: 9 },
  { ...base, name: 'share', type: 'number', min: -1, max: 1, required: false },
  { ...base, name: 'lit', type: 'boolean' },
  { ...base, name: 'kind', type: 'one-of', values: ['wood', 'steel'], required: false },
  { ...base, name: 'tags', type: 'strings', maxLength: 3 },
];
const GOOD = { note: 'fine', count: 3, lit: false, tags: ['a'] };

/** The schema as somebody else reads it. */
function accepts(schema: ReturnType<typeof responseSchema>, answer: unknown): boolean {
  const { propertyOrdering: _, ...known } = schema;
  // Its types demand that lists can be changed.
  const reader = z.fromJSONSchema(structuredClone(known) as Parameters<typeof z.fromJSONSchema>[0], {
    defaultTarget: 'openapi-3.0',
  });
  return reader.safeParse(answer).success;
}

describe('the schema of an answer', () => {
  it('lets the same answers through as the check of answers', () => {
    const value = fc.oneof(
      fc.constantFrom(null, 'wood', 'steel', 'brick', '', '😀😀😀', '😀😀😀😀😀', -1, 0, 1, 9, 10, 0.5, true, false),
      fc.array(fc.oneof(fc.string({ maxLength: 4 }), fc.integer()), { maxLength: 3 }),
      fc.string({ maxLength: 6 }),
      fc.dictionary(fc.string(), fc.string(), { maxKeys: 1 }),
    );
    const outcomes = { passed: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...FIELDS.map(({ name }) => name)), value, { maxKeys: 2 }),
        fc.subarray(Object.keys(GOOD), { minLength: 3 }),
        (change, kept) => {
          const answer = {
            ...Object.fromEntries(Object.entries(GOOD).filter(([key]) => kept.includes(key))),
            ...change,
          };
          const { ok } = checkFindings(FIELDS, answer);
          outcomes[ok ? 'passed' : 'refused'] += 1;
          expect(accepts(responseSchema({ fields: FIELDS }), answer)).toBe(ok);
        },
      ),
      { seed: 20_261_121, numRuns: 1_000 },
    );
    expect(Math.min(outcomes.passed, outcomes.refused)).toBeGreaterThan(50);
  });

  it('has "visible" first when there is a subject, and nothing else is required then', () => {
    const schema = responseSchema({ subject: 'a lamp', fields: FIELDS });
    expect(schema.propertyOrdering?.[0]).toBe('visible');
    expect(schema.required).toEqual(['visible']);
    expect(accepts(schema, { visible: false })).toBe(true);
    expect(accepts(schema, { visible: true, ...GOOD })).toBe(true);
    expect(accepts(schema, GOOD)).toBe(false);
    expect(accepts(schema, { visible: true, ...GOOD, count: 10 })).toBe(false);
  });

  it('keeps the order, descriptions and bounds of the fields', () => {
    const [note] = FIELDS;
    const described = { ...note!, description: 'What stands out.' };
    expect(responseSchema({ fields: [described] })).toEqual({
      type: 'object',
      properties: { note: { type: 'string', description: 'What stands out.', maxLength: 4 } },
      required: ['note'],
      propertyOrdering: ['note'],
    });
    expect(responseSchema({ fields: FIELDS }).propertyOrdering).toEqual(FIELDS.map(({ name }) => name));
  });

  it('has only words that Gemini knows, for every prompt that is built in', async () => {
    const known = ['type', 'description', 'nullable', 'enum', 'minimum', 'maximum', 'maxLength', 'maxItems', 'items'];
    const listed = await listPrompts({});
    const prompts = listed.ok ? listed.value.flatMap(({ check }) => (check.ok ? [check.prompt] : [])) : [];
    expect(prompts).toHaveLength(7);
    for (const prompt of prompts) {
      const { properties = {}, ...root } = responseSchema(prompt);
      expect(Object.keys(root)).toEqual(['type', 'required', 'propertyOrdering']);
      const words = Object.values(properties).flatMap((property) => Object.keys({ ...property, ...property.items }));
      expect(words.filter((word) => !known.includes(word))).toEqual([]);
    }
  });
});

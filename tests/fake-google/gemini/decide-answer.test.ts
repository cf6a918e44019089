import { describe, expect, test } from 'vitest';
import { decideAnswer } from '../../../fake-google/gemini/decide-answer.ts';
import type { Fault } from '../../../fake-google/gemini/faults.ts';
import { checkFindings } from '../../../prompts/check-findings.ts';
import { loadPrompt } from '../../../prompts/load-prompt.ts';
import { responseSchema } from '../../../prompts/response-schema.ts';
import { sampleRequest } from './sample-request.ts';

interface Body {
  readonly candidates?: readonly {
    readonly finishReason: string;
    readonly content?: { readonly parts: readonly { readonly text: string }[] };
  }[];
  readonly promptFeedback?: { readonly blockReason: string };
  readonly modelVersion?: string;
  readonly usageMetadata?: Readonly<Record<string, number>>;
}

const SCHEMA = {
  type: 'OBJECT',
  properties: {
    grade: { type: 'STRING', enum: ['Good', 'Poor'] },
    signs: { type: 'INTEGER', minimum: 2, maximum: 4 },
    notes: { type: 'ARRAY', items: { type: 'STRING', maxLength: '5' }, maxItems: '2' },
  },
};

function bodyOf(fault?: Fault, request = sampleRequest({ responseSchema: SCHEMA }), seed = 'a'): Body {
  const decision = decideAnswer(request, { fault, seed });
  if (decision.kind !== 'answer') throw new Error('no answer');
  return decision.body;
}

function textOf(body: Body): string {
  return body.candidates?.at(0)?.content?.parts.at(0)?.text ?? '';
}

test('the same images, schema and seed get the same answer, others another', () => {
  const words = (seed: string, uri: string) => {
    const parts = [{ fileData: { mimeType: 'image/jpeg', fileUri: uri } }];
    return textOf(bodyOf(undefined, sampleRequest({}, parts), seed));
  };
  expect(words('a', 'gs://b/1.jpg')).toBe(words('a', 'gs://b/1.jpg'));
  expect(words('a', 'gs://b/2.jpg')).not.toBe(words('a', 'gs://b/1.jpg'));
  expect(words('b', 'gs://b/1.jpg')).not.toBe(words('a', 'gs://b/1.jpg'));
});

test('fields stay within what the schema allows', () => {
  for (let seed = 0; seed < 200; seed++) {
    const value = JSON.parse(textOf(bodyOf(undefined, undefined, String(seed)))) as {
      grade: string;
      signs: number;
      notes: string[];
    };
    expect(['Good', 'Poor']).toContain(value.grade);
    expect([2, 3, 4]).toContain(value.signs);
    expect(value.notes.length).toBeLessThanOrEqual(2);
    expect(value.notes.every((note) => note.length <= 5)).toBe(true);
  }
});

test.each(['utility-pole', 'road-sign', 'storefront', 'description', 'classification'])(
  'answers fit the built-in prompt %s, and some see nothing where it has a subject',
  async (name) => {
    const prompt = await loadPrompt(name);
    if (!prompt.ok) throw new Error(prompt.failure.message);
    const seen: boolean[] = [];
    for (let seed = 0; seed < 100; seed++) {
      const request = sampleRequest({ responseSchema: responseSchema(prompt.value) });
      const { visible = true, ...findings } = JSON.parse(textOf(bodyOf(undefined, request, String(seed)))) as {
        visible?: boolean;
      };
      seen.push(visible);
      if (visible) expect(checkFindings(prompt.value.fields, findings)).toMatchObject({ ok: true });
      else expect(findings).toEqual({});
    }
    expect(new Set(seen)).toEqual(new Set(prompt.value.subject === undefined ? [true] : [true, false]));
  },
);

test('tells its use of tokens, with those of thinking and those from the cache', () => {
  const usage = bodyOf().usageMetadata ?? {};
  expect(usage).toMatchObject({ promptTokenCount: 258 + 3, cachedContentTokenCount: 3 });
  expect(usage['thoughtsTokenCount']).toBeGreaterThan(0);
  expect(usage['totalTokenCount']).toBe(
    258 + 3 + (usage['thoughtsTokenCount'] ?? 0) + (usage['candidatesTokenCount'] ?? 0),
  );
  const still = sampleRequest({ thinkingConfig: { thinkingBudget: 0 } });
  expect(bodyOf(undefined, still).usageMetadata).not.toHaveProperty('thoughtsTokenCount');
});

test('an answer over the limit of output tokens breaks off', () => {
  const body = bodyOf(undefined, sampleRequest({ responseSchema: SCHEMA, maxOutputTokens: 3 }));
  expect(body.candidates).toMatchObject([{ finishReason: 'MAX_TOKENS' }]);
  expect(textOf(body)).toHaveLength(12);
});

describe('faults', () => {
  test.each<[Fault, object]>([
    [{ kind: 'blocked-prompt' }, { promptFeedback: { blockReason: 'SAFETY' } }],
    [{ kind: 'blocked-answer' }, { candidates: [{ finishReason: 'SAFETY' }] }],
    [{ kind: 'recitation' }, { candidates: [{ finishReason: 'RECITATION' }] }],
    [{ kind: 'truncated' }, { candidates: [{ finishReason: 'MAX_TOKENS' }] }],
    [{ kind: 'model-version', modelVersion: 'gemini-3.5-flash-002' }, { modelVersion: 'gemini-3.5-flash-002' }],
    [{ kind: 'refused', status: 503 }, { error: { code: 503, status: 'UNAVAILABLE' } }],
    [{ kind: 'refused', status: 403 }, { error: { code: 403, status: 'PERMISSION_DENIED' } }],
    [{ kind: 'key-revoked' }, { error: { code: 400, details: [{ reason: 'API_KEY_INVALID' }] } }],
    [
      { kind: 'exhausted', waitMs: 1500 },
      { error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '1.500s' }] } },
    ],
  ])('%j is answered as Google does', (fault, expected) => {
    expect(bodyOf(fault)).toMatchObject(expected);
  });

  test('blocked and empty answers have no words, and a blocked prompt no candidate', () => {
    for (const kind of ['blocked-prompt', 'blocked-answer', 'recitation', 'no-candidates'] as const) {
      expect(textOf(bodyOf({ kind }))).toBe('');
    }
    expect(bodyOf({ kind: 'no-candidates' })).not.toHaveProperty('candidates');
    expect(bodyOf({ kind: 'blocked-prompt' })).not.toHaveProperty('candidates');
  });

  test('broken JSON is none, and JSON of another schema is', () => {
    expect(() => JSON.parse(textOf(bodyOf({ kind: 'broken-json' }))) as unknown).toThrow(SyntaxError);
    expect(() => JSON.parse(textOf(bodyOf({ kind: 'truncated' }))) as unknown).toThrow(SyntaxError);
    expect(JSON.parse(textOf(bodyOf({ kind: 'wrong-schema' })))).not.toHaveProperty('grade');
  });

  test('a hanging call is never answered', () => {
    expect(decideAnswer(sampleRequest(), { fault: { kind: 'hang' }, seed: 'a' })).toEqual({ kind: 'silence' });
  });
});

import { describe, expect, it } from 'vitest';
import type { Candidate, ModelResponse } from '../../../analyzers/gemini/model-request.ts';
import { readAnswer } from '../../../analyzers/gemini/read-answer.ts';

const GOOD = '{"visible":true,"condition":"good"}';
const SUBJECT = { subject: 'a pole' };
const USAGE = {
  promptTokenCount: 700,
  toolUsePromptTokenCount: 3,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 90,
  cachedContentTokenCount: 50,
};
const SPENT = {
  usage: { inputTokens: 703, outputTokens: 20, thinkingTokens: 90, cachedTokens: 50 },
  costUsd: null,
  modelVersion: 'gemini-3.5-flash-001',
};

function answering(text: string | undefined, candidate: Candidate = {}): ModelResponse {
  const content = text === undefined ? {} : { content: { parts: [{ text }] } };
  return response({ candidates: [{ finishReason: 'STOP', ...content, ...candidate }] });
}

function response(rest: ModelResponse): ModelResponse {
  return { usageMetadata: USAGE, modelVersion: 'gemini-3.5-flash-001', ...rest };
}

describe('an answer', () => {
  it('is findings, with all that was spent on it', () => {
    expect(readAnswer(answering(GOOD), SUBJECT)).toEqual({
      ok: true,
      value: { visible: true, findings: { condition: 'good' }, ...SPENT },
    });
  });

  it('that the subject is not visible has no findings, whatever else it says', () => {
    expect(readAnswer(answering('{"visible":false,"condition":"good"}'), SUBJECT)).toMatchObject({
      value: { visible: false, findings: {} },
    });
  });

  it('without a subject is always visible, and a field may be called visible', () => {
    expect(readAnswer(answering('{"visible":false}'), {})).toMatchObject({
      value: { visible: true, findings: { visible: false } },
    });
  });

  it('may come in several parts, with thoughts among them', () => {
    const parts = [{ text: 'Let me see.', thought: true }, { text: '{"visible":' }, {}, { text: 'true}' }];
    expect(readAnswer(answering(undefined, { content: { parts } }), SUBJECT)).toMatchObject({
      value: { visible: true, findings: {} },
    });
  });

  it('with counts that no row takes has those that one does', () => {
    const odd = {
      promptTokenCount: '12',
      candidatesTokenCount: 1.5,
      thoughtsTokenCount: -1,
      cachedContentTokenCount: null,
    };
    const answer = { ...answering(GOOD), usageMetadata: odd, modelVersion: 7 } as unknown as ModelResponse;
    expect(readAnswer(answer, SUBJECT)).toMatchObject({
      value: {
        usage: { inputTokens: 12, outputTokens: 0, thinkingTokens: 0, cachedTokens: 0 },
        modelVersion: '',
      },
    });
  });

  it.each([
    ['nothing', null],
    ['no counts', { candidates: [], usageMetadata: null }],
    ['parts that are no list', { candidates: [{ content: { parts: {} } }] }],
    ['a part that is nothing', { candidates: [{ content: { parts: [null] } }] }],
  ])('that holds %s is asked for again', (_, answer) => {
    expect(readAnswer(answer as unknown as ModelResponse, SUBJECT)).toMatchObject({
      failure: { name: 'AnswerInvalid' },
    });
  });

  it('without counts costs an unknown amount, not nothing', () => {
    const { usageMetadata: _, ...bare } = answering(GOOD);
    expect(readAnswer(bare, SUBJECT)).toMatchObject({ value: { costUsd: null, usage: { inputTokens: 0 } } });
  });
});

describe('an answer that cannot be used', () => {
  it.each([
    [
      'cut off in JSON that could be read',
      answering(GOOD, { finishReason: 'MAX_TOKENS' }),
      'AnswerTruncated',
      'after 20 tokens and 90 of thinking; set maxOutputTokens higher',
    ],
    ['blocked with JSON that could be read', answering(GOOD, { finishReason: 'SAFETY' }), 'AnswerBlocked', 'SAFETY'],
    ['recited', answering(undefined, { finishReason: 'RECITATION' }), 'AnswerBlocked', 'RECITATION'],
    [
      'refused with a sentence',
      answering(undefined, { finishReason: 'PROHIBITED_CONTENT', finishMessage: 'No.' }),
      'AnswerBlocked',
      'PROHIBITED_CONTENT, No.',
    ],
    [
      'blocked before it began',
      response({ promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: 'Unsafe.' } }),
      'AnswerBlocked',
      'The request was blocked: SAFETY, Unsafe.',
    ],
    ['of no candidates', response({ candidates: [] }), 'AnswerInvalid', 'sent no answer'],
    ['of nothing at all', {}, 'AnswerInvalid', 'sent no answer'],
    [
      'broken off for a reason of tomorrow',
      answering(GOOD, { finishReason: 'TIRED' }),
      'AnswerInvalid',
      'broke off: TIRED',
    ],
    ['empty', answering(''), 'AnswerInvalid', 'it is empty'],
    ['without content', answering(undefined), 'AnswerInvalid', 'it is empty'],
    ['broken JSON', answering('Here it is: {"a'), 'AnswerInvalid', '"Here it is: {\\"a"'],
    ['a list', answering('[]'), 'AnswerInvalid', 'no JSON object'],
    ['null', answering('null'), 'AnswerInvalid', 'no JSON object'],
    ['a number', answering('7'), 'AnswerInvalid', 'no JSON object'],
    ['silent about the subject', answering('{"condition":"good"}'), 'AnswerInvalid', 'does not say whether'],
    ['unsure about the subject', answering('{"visible":"yes"}'), 'AnswerInvalid', 'does not say whether'],
  ] as const)('is named: %s', (_, given, name, message) => {
    expect(readAnswer(given, SUBJECT)).toMatchObject({
      ok: false,
      failure: { name, message: expect.stringContaining(message) },
    });
  });

  it('was paid all the same', () => {
    expect(readAnswer(answering('{', {}), SUBJECT)).toMatchObject({ ok: false, spent: SPENT });
    expect(readAnswer(answering(GOOD, { finishReason: 'MAX_TOKENS' }), SUBJECT)).toMatchObject({ spent: SPENT });
  });

  it('is shown in part only', () => {
    const result = readAnswer(answering('x'.repeat(10_000)), SUBJECT);
    expect(!result.ok && result.failure.message.length).toBeLessThan(200);
  });
});

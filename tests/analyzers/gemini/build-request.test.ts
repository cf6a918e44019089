import { describe, expect, it } from 'vitest';
import { buildRequest, type RequestInput } from '../../../analyzers/gemini/build-request.ts';
import { geminiSettingsSchema } from '../../../analyzers/gemini/gemini-settings.ts';
import { responseSchema } from '../../../prompts/response-schema.ts';
import { promptNamed } from '../../suites/analyzer.suite.ts';

const pole = await promptNamed('utility-pole');
const first = { part: { fileData: { mimeType: 'image/jpeg', fileUri: 'gs://b/1.jpg' } } };
const second = { part: { inlineData: { mimeType: 'image/png', data: 'iVBO' } } };

function build(change: Partial<RequestInput> = {}, settings: object = {}) {
  return buildRequest({
    prompt: pole,
    model: 'gemini-3.5-flash',
    settings: geminiSettingsSchema.parse(settings),
    images: [first, second],
    attempt: 1,
    ...change,
  });
}

describe('a request', () => {
  it('has the words of the prompt, all images in their order, and the schema of the fields', () => {
    expect(build()).toEqual({
      model: 'gemini-3.5-flash',
      system: pole.words,
      parts: [first.part, second.part, { text: 'These 2 images show one asset.' }],
      generation: { responseMimeType: 'application/json', responseSchema: responseSchema(pole), maxOutputTokens: 8192 },
    });
  });

  it('tells when images were taken, because prompts ask for the newest', () => {
    const images = [
      { ...first, capturedAt: '2025-04-03T10:20:00.000Z' },
      second,
      { ...first, capturedAt: '2024-12-31' },
    ];
    expect(build({ images }).parts.at(-1)).toEqual({
      text: 'These 3 images show one asset. Image 1 was taken on 2025-04-03. Image 3 was taken on 2024-12-31.',
    });
    expect(build({ images: [second] }).parts.at(-1)).toEqual({ text: 'This image shows one asset.' });
  });

  it('carries every setting in the words of Google', () => {
    const settings = { temperature: 0, seed: 7, mediaResolution: 'high', thinkingLevel: 'low', maxOutputTokens: 100 };
    expect(build({}, settings).generation).toMatchObject({
      temperature: 0,
      seed: 7,
      mediaResolution: 'MEDIA_RESOLUTION_HIGH',
      thinkingConfig: { thinkingLevel: 'LOW' },
      maxOutputTokens: 100,
    });
    expect(build({}, { thinkingBudget: 0 }).generation).toMatchObject({ thinkingConfig: { thinkingBudget: 0 } });
  });

  it('leaves to the model what nobody has set', () => {
    expect(Object.keys(build().generation)).toEqual(['responseMimeType', 'responseSchema', 'maxOutputTokens']);
  });

  it('may write twice as much when it is repeated, at most what a model can', () => {
    const limit = (maxOutputTokens: number, attempt: number) =>
      build({ attempt }, { maxOutputTokens }).generation.maxOutputTokens;
    expect([limit(100, 1), limit(100, 2), limit(100, 9), limit(40_000, 2)]).toEqual([100, 200, 200, 65_536]);
  });

  it('takes the next seed when it is repeated, or it would get the same answer', () => {
    expect(build({ attempt: 2 }, { seed: 7 }).generation.seed).toBe(8);
  });
});

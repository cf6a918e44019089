import { describe, expect, it } from 'vitest';
import { createGeminiAnalyzer, createVertexAiAnalyzer } from '../../../analyzers/gemini/gemini-analyzer.ts';
import { inputFor, promptNamed } from '../../suites/analyzer.suite.ts';

const gemini = createGeminiAnalyzer(undefined);
const vertexai = createVertexAiAnalyzer(undefined);

describe('settings of gemini', () => {
  it.each([
    [{ temperature: 2.5 }, 'temperature: '],
    [{ temperature: '0' }, 'temperature: '],
    [{ maxOutputTokens: 0 }, 'maxOutputTokens: '],
    [{ maxOutputTokens: 65_537 }, 'maxOutputTokens: '],
    [{ maxOutputTokens: 1.5 }, 'maxOutputTokens: '],
    [{ mediaResolution: 'ultra' }, 'mediaResolution: '],
    [{ thinkingLevel: 'HIGH' }, 'thinkingLevel: '],
    [{ thinkingBudget: -2 }, 'thinkingBudget: '],
    [{ seed: -1 }, 'seed: '],
    [{ thinkingLevel: 'low', thinkingBudget: 5 }, 'thinkingBudget: cannot be set together with thinkingLevel'],
    [{ mediaResolutoin: 'low' }, 'mediaResolutoin is unknown to the analyzer gemini; did you mean mediaResolution?'],
    [{ topP: 1 }, 'topP is unknown to the analyzer gemini; its settings are temperature, maxOutputTokens, '],
  ])('refuse %j by name', (settings, message) => {
    expect(gemini.parseSettings(settings)).toMatchObject({
      ok: false,
      failure: { name: 'InvalidRequest', message: expect.stringContaining(`analyzer.settings.${message}`) },
    });
  });

  it('record the limit of the answer also where nobody has set it', () => {
    expect(gemini.parseSettings({})).toEqual({ ok: true, value: { maxOutputTokens: 8192 } });
  });
});

describe('settings of vertexai', () => {
  it.each(['mediaResolution', 'thinkingLevel', 'thinkingBudget', 'seed'])(
    'do not have %s, as its client has not',
    (name) => {
      expect(vertexai.parseSettings({ [name]: 'low' })).toMatchObject({
        ok: false,
        failure: {
          message: expect.stringContaining(`analyzer.settings.${name} is unknown to the analyzer vertexai; `),
        },
      });
    },
  );
});

describe('without access', () => {
  it.each([
    [
      gemini,
      'The analyzer gemini has no access to Gemini here: set GEMINI_API_KEY, or GOOGLE_CLOUD_PROJECT for Vertex AI',
    ],
    [vertexai, 'The analyzer vertexai has no access to Gemini here: set GOOGLE_CLOUD_PROJECT'],
  ])('a call says what to set', async (analyzer, message) => {
    const input = inputFor(analyzer, await promptNamed('description'), { images: [{ uri: '/a.jpg' }] });
    expect(await analyzer.analyze(input)).toEqual({ ok: false, failure: { name: 'CredentialsRejected', message } });
  });

  it('every prompt is taken', async () => {
    expect(gemini.refuses(await promptNamed('storefront'))).toBeNull();
    expect(vertexai.refuses(await promptNamed('photo-quality'))).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { modelAccessOf } from '../../config/model-access.ts';
import { parseSettings } from '../../config/parse-settings.ts';
import { lanesOf } from '../../workers/lanes.ts';

const settingsOf = (env: Record<string, string>) => parseSettings(env, '/work');
const accessOf = (env: Record<string, string>) => modelAccessOf(settingsOf(env));

const PROJECT = { GOOGLE_CLOUD_PROJECT: 'street-1' };
const VERTEX = { kind: 'vertex', project: 'street-1', location: 'global', timeoutMs: 600_000, callsAtOnce: 200 };

describe('access to Gemini', () => {
  test('there is none without a key or a project, and no lane then', () => {
    expect(accessOf({})).toEqual({ gemini: undefined, vertexai: undefined });
    expect(lanesOf(settingsOf({}))).toEqual(['local', 'noop']);
  });

  test('is the Gemini API with keys, each once', () => {
    const env = { GEMINI_API_KEY: ' a ', GEMINI_API_KEYS: 'b, a,c', GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:1' };
    expect(accessOf(env)).toEqual({
      gemini: {
        kind: 'key',
        keys: ['a', 'b', 'c'],
        baseUrl: 'http://127.0.0.1:1',
        timeoutMs: 600_000,
        callsAtOnce: 200,
      },
      vertexai: undefined,
    });
    expect(lanesOf(settingsOf(env))).toEqual(['local', 'noop', 'gemini']);
  });

  test('is Vertex AI with a project, for both analyzers', () => {
    expect(accessOf(PROJECT)).toEqual({ gemini: VERTEX, vertexai: VERTEX });
    expect(lanesOf(settingsOf(PROJECT))).toEqual(['local', 'noop', 'gemini', 'vertexai']);
    const all = {
      ...PROJECT,
      GOOGLE_CLOUD_LOCATION: 'europe-west4',
      GOOGLE_APPLICATION_CREDENTIALS: '/keys/a.json',
      GOOGLE_VERTEX_BASE_URL: 'https://proxy.test',
      SIGHTLINE_MODEL_TIMEOUT_MS: '5000',
      SIGHTLINE_LANE_SLOTS: '7',
    };
    expect(accessOf(all).gemini).toEqual({
      kind: 'vertex',
      project: 'street-1',
      location: 'europe-west4',
      credentialsFile: '/keys/a.json',
      baseUrl: 'https://proxy.test',
      timeoutMs: 5000,
      callsAtOnce: 7,
    });
  });

  test('with both is the key, unless Vertex AI is asked for', () => {
    const both = { ...PROJECT, GEMINI_API_KEY: 'a' };
    expect(accessOf(both)).toMatchObject({ gemini: { kind: 'key' }, vertexai: VERTEX });
    expect(accessOf({ ...both, GOOGLE_GENAI_USE_VERTEXAI: 'true' })).toEqual({ gemini: VERTEX, vertexai: VERTEX });
    expect(accessOf({ GEMINI_API_KEY: 'a', GOOGLE_GENAI_USE_VERTEXAI: 'true' }).gemini).toMatchObject({ kind: 'key' });
  });
});

test.each([
  [{ GEMINI_API_KEY: 'a b' }, 'GEMINI_API_KEY is not right; it has to be a key without spaces.'],
  [{ GEMINI_API_KEYS: 'a,,b' }, 'GEMINI_API_KEYS is not right; it has to be keys, separated by commas.'],
  [{ GOOGLE_CLOUD_PROJECT: 'My Project' }, 'GOOGLE_CLOUD_PROJECT is "My Project"; it has to be the id of a project'],
  [{ GOOGLE_CLOUD_LOCATION: '../x' }, 'GOOGLE_CLOUD_LOCATION is "../x"; it has to be a location'],
  [{ GOOGLE_VERTEX_BASE_URL: 'proxy:1' }, 'GOOGLE_VERTEX_BASE_URL is "proxy:1"; it has to be an http(s) address.'],
  [{ GOOGLE_GENAI_USE_VERTEXAI: '1' }, 'GOOGLE_GENAI_USE_VERTEXAI is "1"; it can be true, false.'],
  [{ SIGHTLINE_MODEL_TIMEOUT_MS: '900000' }, 'from 100 to 840000 (ms)'],
])('a wrong setting is named, a key never shown: %j', (env, message) => {
  expect(() => settingsOf(env)).toThrow(message);
});

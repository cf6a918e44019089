import { setDefaultCACertificates, getCACertificates } from 'node:tls';
import { LLMock } from '@copilotkit/aimock';
import { VertexAI } from '@google-cloud/vertexai';
import { ApiError, GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGemini } from '../../fake-google/gemini/start-gemini.ts';
import type { GeminiServer } from '../../fake-google/gemini/start-gemini.ts';
import { PROJECT, anyCredentials } from '../support/google-clients.ts';
import { makeCertificate } from '../support/make-certificate.ts';
import { BY_ADDRESS, INLINE } from './gemini/sample-request.ts';

const MODEL = 'gemini-3.5-flash';
const LOCATION = 'us-central1';
const SCHEMA = { type: 'object', properties: { sharp: { type: 'boolean' } }, required: ['sharp'] };
const CONTENTS = [{ role: 'user', parts: [{ text: 'Is it sharp?' }, INLINE, BY_ADDRESS] }];

const ordinary = getCACertificates('default');
const tls = makeCertificate();

beforeAll(() => setDefaultCACertificates([...ordinary, tls.cert]));
afterAll(() => setDefaultCACertificates(ordinary));

function vertexClient(baseUrl: string): GoogleGenAI {
  return new GoogleGenAI({
    vertexai: true,
    project: PROJECT,
    location: LOCATION,
    apiVersion: 'v1',
    httpOptions: { baseUrl },
    googleAuthOptions: { authClient: anyCredentials() },
  });
}

const config = { responseMimeType: 'application/json', responseSchema: SCHEMA };

describe.each([
  ['http', undefined],
  ['TLS', tls],
])('@google/genai over %s', (_, certificate) => {
  let server: GeminiServer;
  beforeAll(async () => {
    server = await startGemini(certificate === undefined ? {} : { tls: certificate });
  });
  afterAll(() => server.close());

  test('gets typed fields, the model version and the use of tokens from Vertex AI', async () => {
    const answer = await vertexClient(server.url).models.generateContent({ model: MODEL, contents: CONTENTS, config });
    expect(JSON.parse(answer.text ?? '')).toEqual({ sharp: expect.any(Boolean) });
    expect(answer).toMatchObject({
      modelVersion: `${MODEL}-001`,
      usageMetadata: { thoughtsTokenCount: expect.any(Number), cachedContentTokenCount: expect.any(Number) },
    });
  });

  test('gets them from the Gemini API with a key', async () => {
    const client = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: server.url } });
    const contents = [{ role: 'user', parts: [INLINE] }];
    const answer = await client.models.generateContent({ model: MODEL, contents, config });
    expect(JSON.parse(answer.text ?? '')).toEqual({ sharp: expect.any(Boolean) });
  });

  test('is told what is wrong, and how long to wait', async () => {
    server.faults.add({ fault: { kind: 'exhausted', waitMs: 2500 }, times: 1 });
    const failed = vertexClient(server.url).models.generateContent({ model: MODEL, contents: CONTENTS });
    await expect(failed).rejects.toThrow(ApiError);
    await expect(failed).rejects.toMatchObject({ status: 429, message: expect.stringContaining('"2.500s"') });
    const empty = vertexClient(server.url).models.generateContent({ model: MODEL, contents: 'no image' });
    await expect(empty).rejects.toMatchObject({ status: 400 });
  });
});

describe('@google-cloud/vertexai, which speaks TLS only', () => {
  // It announces its own end whenever one is made.
  beforeAll(() => vi.spyOn(console, 'warn').mockImplementation(() => {}));
  afterAll(() => vi.restoreAllMocks());

  function modelOf({ url }: GeminiServer) {
    const vertex = new VertexAI({
      project: PROJECT,
      location: LOCATION,
      apiEndpoint: new URL(url).host,
      googleAuthOptions: { authClient: anyCredentials() },
    });
    return vertex.getGenerativeModel({ model: MODEL });
  }

  test('gets typed fields', async () => {
    await using server = await startGemini({ tls });
    const { response } = await modelOf(server).generateContent({
      contents: CONTENTS,
      generationConfig: { responseMimeType: 'application/json', responseSchema: SCHEMA as never },
    });
    const text = response.candidates?.at(0)?.content.parts.at(0)?.text ?? '';
    expect(JSON.parse(text)).toEqual({ sharp: expect.any(Boolean) });
    expect(response).toMatchObject({ modelVersion: `${MODEL}-001` });
  });

  test('is told of a limit', async () => {
    await using server = await startGemini({ tls, limit: { calls: 0, perMs: 1000 } });
    await expect(modelOf(server).generateContent({ contents: CONTENTS })).rejects.toThrow(/429/);
  });
});

describe('@google/genai against a server of others (aimock)', () => {
  let mock: LLMock;
  beforeAll(async () => {
    mock = new LLMock({ port: 0 });
    mock.onMessage(/sharp/, { content: '{"sharp":true}' });
    await mock.start();
  });
  afterAll(() => mock.stop());

  test('its calls are understood there too', async () => {
    const answer = await vertexClient(mock.url).models.generateContent({ model: MODEL, contents: CONTENTS, config });
    expect(JSON.parse(answer.text ?? '')).toEqual({ sharp: true });
  });

  test('a limit is told in the same way', async () => {
    mock.nextRequestError(429, { message: 'Too many', type: 'rate_limit_error' });
    const failed = vertexClient(mock.url).models.generateContent({ model: MODEL, contents: CONTENTS });
    await expect(failed).rejects.toMatchObject({ status: 429 });
  });
});

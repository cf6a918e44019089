import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createVertexAiAnalyzer } from '../../../analyzers/gemini/gemini-analyzer.ts';
import type { AnalyzerInput, VertexAccess } from '../../../analyzers/ports.ts';
import { startGemini, type GeminiServer } from '../../../fake-google/gemini/start-gemini.ts';
import { noise } from '../../images/sample-images.ts';
import { temporaryFolder } from '../../stores/temporary-folder.ts';
import { analyzerSuite, inputFor, promptNamed } from '../../suites/analyzer.suite.ts';
import { makeCertificate } from '../../support/make-certificate.ts';
import { until } from '../../support/rig.ts';
import { startTokenServer, type TokenServer } from '../../support/token-server.ts';
import { startWebServer } from '../../support/web-server.ts';
import { NO_ANSWERS, UNSAID_BODIES, UNSAID_ERRORS } from './no-answers.ts';

const ordinary = getCACertificates('default');
const tls = makeCertificate();
let server: GeminiServer;
let tokens: TokenServer;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  setDefaultCACertificates([...ordinary, tls.cert]);
  server = await startGemini({ tls });
  tokens = await startTokenServer();
  folder = await temporaryFolder('sightline-vertexai-');
});
afterAll(async () => {
  setDefaultCACertificates(ordinary);
  await Promise.all([server, tokens, folder].map((each) => each[Symbol.asyncDispose]()));
});

const access = (change: Partial<VertexAccess> = {}): VertexAccess => ({
  kind: 'vertex',
  project: 'street-1',
  location: 'global',
  credentialsFile: tokens.credentialsFile,
  baseUrl: server.url,
  timeoutMs: 30_000,
  callsAtOnce: 50,
  ...change,
});

async function picture(): Promise<string> {
  const path = join(folder.path, 'suite.jpg');
  await noise(64, 48).jpeg().toFile(path);
  return path;
}

async function ask(given: VertexAccess, change: Partial<AnalyzerInput> = {}) {
  const analyzer = createVertexAiAnalyzer(given);
  const images = [{ uri: await picture() }, { uri: 'gs://streets/a.jpg' }];
  return analyzer.analyze(inputFor(analyzer, await promptNamed('utility-pole'), { images, ...change }));
}

let known: ReturnType<typeof createVertexAiAnalyzer> | undefined;
analyzerSuite('vertexai', {
  // The address of the server is known only when tests run.
  analyzer: {
    ...createVertexAiAnalyzer(undefined),
    analyze: (input) => (known ??= createVertexAiAnalyzer(access())).analyze(input),
  },
  prompts: ['description', 'photo-quality', 'classification'],
  image: picture,
});

describe('vertexai', () => {
  it('sends every image of the asset in one call, those at gs:// by name', async () => {
    expect(await ask(access())).toMatchObject({
      ok: true,
      value: { modelVersion: 'gemini-3.5-flash-001', costUsd: null },
    });
    expect(
      Object.keys(server.seen().perAsset).some((asset) => /^[0-9a-f]{64},gs:\/\/streets\/a\.jpg$/.test(asset)),
    ).toBe(true);
  });

  it('writes nothing on stdout or stderr', async () => {
    const written = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'debug'), vi.spyOn(console, 'log')];
    await ask(access());
    for (const spy of written) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it.each([
    [{ kind: 'blocked-prompt' }, { failure: { name: 'AnswerBlocked' } }],
    [{ kind: 'truncated' }, { failure: { name: 'AnswerTruncated' } }],
    [{ kind: 'broken-json' }, { failure: { name: 'AnswerInvalid' } }],
    [
      { kind: 'exhausted', waitMs: 2500 },
      { failure: { name: 'ModelOverloaded' }, retry: { unpaid: true, waitMs: 2500 } },
    ],
    [
      { kind: 'refused', status: 503 },
      { failure: { name: 'ModelOverloaded' }, retry: { unpaid: false } },
    ],
    [
      { kind: 'cut', afterBytes: 20 },
      { failure: { name: 'ModelOverloaded' }, retry: { unpaid: false } },
    ],
    [{ kind: 'refused', status: 400 }, { failure: { name: 'RequestRefused' } }],
    [{ kind: 'refused', status: 403 }, { failure: { name: 'CredentialsRejected' } }],
    [{ kind: 'refused', status: 404 }, { failure: { name: 'CredentialsRejected' } }],
  ] as const)('names what went wrong: %j', async (fault, expected) => {
    server.faults.add({ fault, times: 1 });
    expect(await ask(access())).toMatchObject({ ok: false, ...expected });
  });

  it.each(NO_ANSWERS)('asks again for an answer that is none, and costs an unknown amount: %s', async (body) => {
    await using odd = await startWebServer({}, (_, response) => response.end(body), tls);
    expect(await ask(access({ baseUrl: odd.origin }))).toMatchObject({
      failure: { name: 'AnswerInvalid' },
      spent: { costUsd: null },
    });
  });

  describe.each(UNSAID_ERRORS)('names an error by its status, %i, although its body does not', (status, expected) => {
    it.each(UNSAID_BODIES)('%j', async (body) => {
      await using odd = await startWebServer({}, (_, response) => response.writeHead(status).end(body), tls);
      expect(await ask(access({ baseUrl: odd.origin }))).toMatchObject({ ok: false, ...expected });
    });
  });

  it('cannot reach a server: surely unpaid', async () => {
    const gone = await startGemini({ tls });
    await gone.close();
    expect(await ask(access({ baseUrl: gone.url }))).toMatchObject({
      failure: { name: 'ModelOverloaded' },
      retry: { unpaid: true },
    });
  });

  it('ends a call after the time that is set, although its client goes on', async () => {
    server.faults.add({ fault: { kind: 'hang' }, times: 1 });
    expect(await ask(access({ timeoutMs: 300 }))).toMatchObject({
      failure: { name: 'ModelOverloaded' },
      retry: { unpaid: false },
    });
  });

  it('leaves a call within a second when the answer is not wanted, although its client goes on', async () => {
    server.faults.add({ fault: { kind: 'hang' }, times: 1 });
    const before = server.seen().calls;
    const controller = new AbortController();
    const asked = ask(access(), { signal: controller.signal });
    await until(
      async () => server.seen().calls,
      (calls) => calls === before + 1,
      'the call to arrive',
    );
    const abortedAt = performance.now();
    controller.abort(new Error('cancelled'));
    await expect(asked).rejects.toThrow('cancelled');
    expect(performance.now() - abortedAt).toBeLessThan(1000);
  });

  it('stops the run when its credentials are refused', async () => {
    await using own = await startTokenServer();
    own.answerWith(400);
    expect(await ask(access({ credentialsFile: own.credentialsFile }))).toMatchObject({
      failure: { name: 'CredentialsRejected' },
    });
  });
});

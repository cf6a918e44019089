import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createGeminiAnalyzer } from '../../../analyzers/gemini/gemini-analyzer.ts';
import type { AnalyzerInput, KeyAccess, VertexAccess } from '../../../analyzers/ports.ts';
import type { Fault } from '../../../fake-google/gemini/faults.ts';
import { startGemini, type GeminiServer } from '../../../fake-google/gemini/start-gemini.ts';
import { noise } from '../../images/sample-images.ts';
import { loadFromDisk } from '../../images/load-from-disk.ts';
import { temporaryFolder } from '../../stores/temporary-folder.ts';
import { analyzerSuite, inputFor, promptNamed } from '../../suites/analyzer.suite.ts';
import { makeCertificate } from '../../support/make-certificate.ts';
import { until } from '../../support/rig.ts';
import { startTokenServer } from '../../support/token-server.ts';

const ordinary = getCACertificates('default');
const tls = makeCertificate();
let server: GeminiServer;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  server = await startGemini();
  folder = await temporaryFolder('sightline-gemini-');
});
afterAll(async () => {
  await Promise.all([server, folder].map((each) => each[Symbol.asyncDispose]()));
});

const byKey = (change: Partial<KeyAccess> = {}): KeyAccess => ({
  kind: 'key',
  keys: ['sesame'],
  baseUrl: server.url,
  timeoutMs: 30_000,
  callsAtOnce: 50,
  ...change,
});
const byProject = (change: Partial<VertexAccess> = {}): VertexAccess => ({
  kind: 'vertex',
  project: 'street-1',
  location: 'us-central1',
  baseUrl: server.url,
  timeoutMs: 30_000,
  callsAtOnce: 50,
  ...change,
});

async function picture(name = 'suite.jpg'): Promise<string> {
  const path = join(folder.path, name);
  await noise(64, 48).jpeg().toFile(path);
  return path;
}

/** One call about one picture, or about those that are named. */
async function ask(access: KeyAccess | VertexAccess, change: Partial<AnalyzerInput> = {}) {
  const analyzer = createGeminiAnalyzer(access);
  const images = [{ uri: await picture() }];
  return analyzer.analyze(inputFor(analyzer, await promptNamed('utility-pole'), { images, ...change }));
}

async function askWith(fault: Fault, access: KeyAccess | VertexAccess = byKey()) {
  server.faults.add({ fault, times: 1 });
  return ask(access);
}

describe.each([
  ['the Gemini API', byKey],
  ['Vertex AI', byProject],
] as const)('gemini through %s', (name, access) => {
  // The address of the server is known only when tests run.
  const analyzer = { ...createGeminiAnalyzer(undefined), analyze: (input: AnalyzerInput) => opened().analyze(input) };
  let known: ReturnType<typeof createGeminiAnalyzer> | undefined;
  const opened = () => (known ??= createGeminiAnalyzer(access()));
  analyzerSuite(`gemini through ${name}`, {
    analyzer,
    prompts: ['description', 'photo-quality', 'classification'],
    image: picture,
  });

  it('says what was used and which model answered', async () => {
    expect(await ask(access())).toMatchObject({
      ok: true,
      value: {
        usage: {
          inputTokens: expect.any(Number),
          thinkingTokens: expect.any(Number),
          cachedTokens: expect.any(Number),
        },
        costUsd: null,
        modelVersion: 'gemini-3.5-flash-001',
      },
    });
  });

  it.each([
    [{ kind: 'blocked-prompt' }, 'AnswerBlocked'],
    [{ kind: 'blocked-answer' }, 'AnswerBlocked'],
    [{ kind: 'recitation' }, 'AnswerBlocked'],
    [{ kind: 'no-candidates' }, 'AnswerInvalid'],
    [{ kind: 'broken-json' }, 'AnswerInvalid'],
    [{ kind: 'truncated' }, 'AnswerTruncated'],
    [{ kind: 'refused', status: 400 }, 'RequestRefused'],
    [{ kind: 'refused', status: 401 }, 'CredentialsRejected'],
    [{ kind: 'refused', status: 403 }, 'CredentialsRejected'],
    [{ kind: 'refused', status: 404 }, 'CredentialsRejected'],
    [{ kind: 'key-revoked' }, 'CredentialsRejected'],
  ] as const)('names what went wrong: %j is %s', async (fault, failure) => {
    expect(await askWith(fault, access())).toMatchObject({ ok: false, failure: { name: failure } });
  });

  it.each([
    [
      { kind: 'exhausted', waitMs: 2500 },
      { unpaid: true, waitMs: 2500 },
    ],
    [{ kind: 'refused', status: 500 }, { unpaid: false }],
    [{ kind: 'refused', status: 503 }, { unpaid: false }],
    [{ kind: 'cut', afterBytes: 20 }, { unpaid: false }],
  ] as const)('is asked again later after %j, once per call', async (fault, retry) => {
    const before = server.seen().calls;
    expect(await askWith(fault, access())).toMatchObject({ failure: { name: 'ModelOverloaded' }, retry });
    expect(server.seen().calls).toBe(before + 1);
  });
});

describe('what reaches the model', () => {
  it('is every image of the asset in one call, those at gs:// by name', async () => {
    const uris = [await picture('1.jpg'), 'gs://streets/a:b.jpg', await picture('2.jpg')];
    const before = server.seen().calls;
    expect(await ask(byProject(), { images: uris.map((uri) => ({ uri })) })).toMatchObject({ ok: true });
    expect(server.seen().calls).toBe(before + 1);
    const asset = Object.keys(server.seen().perAsset).find((identities) => identities.includes('gs://'));
    expect(asset).toMatch(/^[0-9a-f]{64},gs:\/\/streets\/a:b\.jpg,[0-9a-f]{64}$/);
  });

  it('is the limit of tokens, twice as much when asked again', async () => {
    const settings = { maxOutputTokens: 20 };
    expect(await ask(byKey(), { settings })).toMatchObject({ failure: { name: 'AnswerTruncated' } });
    const larger = { maxOutputTokens: 200 };
    expect(await ask(byKey(), { settings: larger, attempt: 2 })).toMatchObject({ ok: true });
  });

  it('is no more calls at once than there may be, while images of other assets are read', async () => {
    await using own = await startGemini({ rules: [{ fault: { kind: 'hang' } }] });
    const analyzer = createGeminiAnalyzer(byKey({ callsAtOnce: 2, baseUrl: own.url }));
    const [prompt, uri] = [await promptNamed('utility-pole'), await picture()];
    const leaving = new AbortController();
    let read = 0;
    const load = (image: { readonly uri: string }) => {
      read += 1;
      return loadFromDisk(image.uri);
    };
    const asked = Array.from({ length: 5 }, () =>
      analyzer.analyze(inputFor(analyzer, prompt, { images: [{ uri }], load, signal: leaving.signal })),
    );
    await until(
      async () => [read, own.seen().underWay].join(),
      (seen) => seen === '5,2',
      'two calls',
    );
    const reason = new Error('the run was cancelled');
    leaving.abort(reason);
    expect(await Promise.allSettled(asked)).toEqual(asked.map(() => ({ status: 'rejected', reason })));
    expect(own.seen().calls).toBe(2);
  });

  it('comes from all keys in turn, and names of keys stay here', async () => {
    await using own = await startGemini({ keys: ['first', 'second'] });
    const analyzer = createGeminiAnalyzer(byKey({ keys: ['first', 'second'], baseUrl: own.url }));
    const input = inputFor(analyzer, await promptNamed('utility-pole'), { images: [{ uri: await picture() }] });
    own.revoke('second');
    const results = [await analyzer.analyze(input), await analyzer.analyze(input), await analyzer.analyze(input)];
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(JSON.stringify(results)).not.toMatch(/first|second/);
  });
});

describe('a server that does not answer', () => {
  it('ends the call after the time that is set, and may have been paid', async () => {
    server.faults.add({ fault: { kind: 'hang' }, times: 1 });
    expect(await ask(byKey({ timeoutMs: 300 }))).toEqual({
      ok: false,
      failure: { name: 'ModelOverloaded', message: 'The model did not answer within 0.3 s' },
      retry: { unpaid: false },
    });
    await until(
      async () => server.seen().underWay,
      (calls) => calls === 0,
      'the connection to close',
    );
  });

  it('is left within a second when the answer is not wanted any more', async () => {
    server.faults.add({ fault: { kind: 'hang' }, times: 1 });
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const asked = ask(byKey(), { signal: controller.signal });
    await until(
      async () => server.seen().underWay,
      (calls) => calls === 1,
      'the call to arrive',
    );
    const abortedAt = performance.now();
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await until(
      async () => server.seen().underWay,
      (calls) => calls === 0,
      'the connection to close',
    );
    expect(performance.now() - abortedAt).toBeLessThan(1000);
  });

  it('cannot be reached: surely unpaid', async () => {
    const gone = await startGemini();
    await gone.close();
    expect(await ask(byKey({ baseUrl: gone.url }))).toMatchObject({
      failure: { name: 'ModelOverloaded', message: expect.stringContaining('ECONNREFUSED') },
      retry: { unpaid: true },
    });
  });

  it('is not given up by the limits of Node, which end calls after five minutes without a header', async () => {
    const key = Symbol.for('undici.globalDispatcher.1');
    const globals = globalThis as { [key]?: { dispatch(options: object, handler: object): boolean } };
    const before = globals[key];
    // Whoever goes through Node's own fetch fails now.
    globals[key] = {
      dispatch: () => {
        throw new Error('a call through the dispatcher of Node');
      },
    };
    try {
      server.faults.add({ fault: { kind: 'slow', pieces: 3, pauseMs: 200 }, times: 1 });
      expect(await ask(byKey())).toMatchObject({ ok: true });
    } finally {
      if (before) globals[key] = before;
    }
  });

  it('that only says so in a header is waited for', async () => {
    const slow = createServer((_, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    slow.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const { port } = slow.address() as AddressInfo;
    const result = await ask(byKey({ baseUrl: `http://127.0.0.1:${port}` }));
    slow.close();
    expect(result).toMatchObject({ failure: { name: 'ModelOverloaded' }, retry: { unpaid: true, waitMs: 7000 } });
  });
});

describe('an answer that names another address', () => {
  it.each([302, 307])('is not followed: neither key nor images go there (%s)', async (status) => {
    const visits: string[] = [];
    const elsewhere = createServer((request, response) => {
      visits.push(String(request.headers['x-goog-api-key']));
      response.end('{}');
    });
    const front = createServer((_, response) => {
      const { port } = elsewhere.address() as AddressInfo;
      response.writeHead(status, { location: `http://localhost:${port}/` }).end();
    });
    for (const each of [elsewhere, front]) await once(each.listen(0, '127.0.0.1'), 'listening');
    const { port } = front.address() as AddressInfo;
    const result = await ask(byKey({ baseUrl: `http://127.0.0.1:${port}` }));
    for (const each of [elsewhere, front]) each.close();
    expect(result).toMatchObject({ failure: { name: 'ModelOverloaded' }, retry: { unpaid: true } });
    expect(visits).toEqual([]);
  });
});

describe('credentials of a project', () => {
  let secure: GeminiServer;
  beforeAll(async () => {
    setDefaultCACertificates([...ordinary, tls.cert]);
    secure = await startGemini({ tls });
  });
  afterAll(async () => {
    setDefaultCACertificates(ordinary);
    await secure.close();
  });
  const bySignIn = (credentialsFile: string) => byProject({ baseUrl: secure.url, credentialsFile });

  it('are taken although the environment names a key, and the client says nothing of it on stdout', async () => {
    vi.stubEnv('GEMINI_API_KEY', 'other');
    const written = [vi.spyOn(console, 'debug'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'log')];
    expect(await ask(byProject())).toMatchObject({ ok: true });
    for (const spy of written) expect(spy).not.toHaveBeenCalled();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('are got once for many calls', async () => {
    await using own = await startTokenServer();
    const analyzer = createGeminiAnalyzer(bySignIn(own.credentialsFile));
    const input = inputFor(analyzer, await promptNamed('utility-pole'), { images: [{ uri: 'gs://b/1.jpg' }] });
    for (let call = 0; call < 3; call++) expect(await analyzer.analyze(input)).toMatchObject({ ok: true });
    expect(own.asked()).toBe(1);
  });

  it('are not sent over plain http, and not needed there', async () => {
    await using own = await startTokenServer();
    expect(await ask(byProject({ credentialsFile: own.credentialsFile }))).toMatchObject({ ok: true });
    expect(own.asked()).toBe(0);
  });

  it('that are refused stop the run', async () => {
    await using own = await startTokenServer();
    own.answerWith(400);
    expect(await ask(bySignIn(own.credentialsFile))).toMatchObject({
      failure: {
        name: 'CredentialsRejected',
        message: expect.stringContaining('There are no credentials that can be used'),
      },
    });
  });

  it.each([
    ['of a file that is not there', join('none', 'key.json')],
    ['of a file that is no JSON', import.meta.filename],
  ])('%s stop the run too', async (_, credentialsFile) => {
    expect(await ask(bySignIn(credentialsFile))).toMatchObject({ failure: { name: 'CredentialsRejected' } });
  });
});

describe('a server of others (aimock)', () => {
  it('understands the calls', async () => {
    const mock = new LLMock({ port: 0 });
    mock.onMessage(/asset/, { content: '{"visible":false}' });
    await mock.start();
    try {
      expect(await ask(byProject({ baseUrl: mock.url }))).toMatchObject({
        ok: true,
        value: { visible: false, findings: {} },
      });
      mock.nextRequestError(429, { message: 'Too many', type: 'rate_limit_error' });
      expect(await ask(byProject({ baseUrl: mock.url }))).toMatchObject({
        failure: { name: 'ModelOverloaded' },
        retry: { unpaid: true },
      });
    } finally {
      await mock.stop();
    }
  });
});

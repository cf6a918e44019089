import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGeminiAnalyzer } from '../../../analyzers/gemini/gemini-analyzer.ts';
import type { KeyAccess, VertexAccess } from '../../../analyzers/ports.ts';
import { NO_USAGE } from '../../../contracts/outcome.ts';
import { noise } from '../../images/sample-images.ts';
import { temporaryFolder } from '../../stores/temporary-folder.ts';
import { inputFor, promptNamed } from '../../suites/analyzer.suite.ts';
import { startWebServer } from '../../support/web-server.ts';
import { NO_ANSWERS, UNSAID_BODIES, UNSAID_ERRORS } from './no-answers.ts';

const JSON_TYPE = 'application/json';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let uri: string;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-no-answer-');
  uri = join(folder.path, '1.jpg');
  await noise(64, 48).jpeg().toFile(uri);
});
afterAll(() => folder[Symbol.asyncDispose]());

type AccessTo = (baseUrl: string) => KeyAccess | VertexAccess;
const LIMITS = { timeoutMs: 30_000, callsAtOnce: 1 };
const byKey: AccessTo = (baseUrl) => ({ kind: 'key', keys: ['sesame'], baseUrl, ...LIMITS });
const byProject: AccessTo = (baseUrl) => ({
  kind: 'vertex',
  project: 'street-1',
  location: 'us-central1',
  baseUrl,
  ...LIMITS,
});

/** One call to a server that says the same to everybody. */
async function askServer(answer: RequestListener, access = byKey) {
  await using odd = await startWebServer({}, answer);
  const analyzer = createGeminiAnalyzer(access(odd.origin));
  return await analyzer.analyze(inputFor(analyzer, await promptNamed('utility-pole'), { images: [{ uri }] }));
}

it.each(NO_ANSWERS)('an answer that is none is asked for again, and costs an unknown amount: %s', async (body) => {
  for (const access of [byKey, byProject]) {
    const answered = askServer((_, response) => response.setHeader('content-type', JSON_TYPE).end(body), access);
    expect(await answered).toMatchObject({ failure: { name: 'AnswerInvalid' }, spent: { costUsd: null } });
  }
});

describe.each(UNSAID_ERRORS)(
  'an error is named by its status, %i, although its body does not say it',
  (status, expected) => {
    it.each(UNSAID_BODIES)('%j', async (body) => {
      for (const access of [byKey, byProject]) {
        const answered = askServer((_, response) => response.writeHead(status).end(body), access);
        expect(await answered).toMatchObject({ ok: false, ...expected });
      }
    });
  },
);

const TOO_LARGE = {
  ok: false,
  failure: { name: 'AnswerTooLarge', message: 'The answer of the server has more than 10 MB, and was not read on' },
  spent: { usage: NO_USAGE, costUsd: null, modelVersion: '' },
};
const GZIP = { 'content-encoding': 'gzip' };

it.each([
  ['as it is', {}, (pieces: Readable) => pieces],
  ['compressed', GZIP, (pieces: Readable) => pieces.compose(createGzip())],
])('an answer that has no end is read no further than an answer can be long: %s', async (_, headers, packed) => {
  let sentBytes = 0;
  // Compressed it is as long: little of it can wait between this count and the reader.
  const piece = randomBytes(64_000);
  const pieces = Readable.from(
    (function* () {
      for (; sentBytes < 1_000_000_000; sentBytes += piece.length) yield piece;
    })(),
  );
  const answered = askServer((__, response) => {
    response.writeHead(200, { 'content-type': JSON_TYPE, ...headers });
    pipeline(packed(pieces), response, () => undefined);
  });
  expect(await answered).toEqual(TOO_LARGE);
  expect(sentBytes).toBeLessThan(50_000_000);
});

const TOO_LONG = Buffer.alloc(10_000_001, ' ');

it.each([
  ['as it is', {}, TOO_LONG],
  ['compressed to a thousandth', GZIP, gzipSync(TOO_LONG)],
])('nothing more is waited for once an answer is longer than one can be: %s', async (_, headers, body) => {
  let closed: Promise<unknown> | undefined;
  const answered = askServer((__, response) => {
    closed = once(response, 'close');
    response.writeHead(200, { 'content-type': JSON_TYPE, ...headers }).write(body);
  });
  expect(await answered).toEqual(TOO_LARGE);
  await closed;
});

it('a page of an error without an end is that error', async () => {
  const answered = askServer((_, response) => response.writeHead(503).end(Buffer.alloc(30_000_000, 'x')));
  expect(await answered).toMatchObject({
    failure: { name: 'ModelOverloaded', message: expect.stringContaining('The model failed (503): xxx') },
  });
});

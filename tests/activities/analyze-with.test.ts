import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeWith, type CallResult } from '../../activities/analyze-with.ts';
import { resolveAnalysis } from '../../activities/prepare/resolve-analysis.ts';
import { openGoogle } from '../../google/open-google.ts';
import { createImageDesks } from '../../images/image-desks.ts';
import { noise } from '../images/sample-images.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';
import { analysisDeps } from './analysis-deps.ts';

const deps = {
  ...analysisDeps,
  images: createImageDesks({
    bytesInFlight: 100_000_000,
    allowPrivateAddresses: '127.0.0.1',
    fetchTimeoutMs: 10_000,
    openStorage: openGoogle().storage,
    userAgent: 'Sightline/test',
  }),
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: WebServer;
let picture: Buffer;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-calls-');
  picture = await noise(800, 400).jpeg().toBuffer();
  await writeFile(join(folder.path, 'a.jpg'), picture);
  server = await startWebServer({
    '/busy.jpg': (_, response) => response.writeHead(503, { 'retry-after': '7' }).end(),
    '/down.jpg': (_, response) => response.writeHead(500).end(),
  });
});
afterAll(async () => {
  await deps.images[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** One call of the offline analyzer, which answers with the size of what it sees. */
async function call(uris: readonly string[], settings: Readonly<Record<string, unknown>> = {}): Promise<CallResult> {
  const resolved = await resolveAnalysis(deps, 'resolution', { kind: 'offline', settings });
  if (!resolved.ok) throw new Error(resolved.failure.message);
  return analyzeWith({
    deps,
    blobs: {
      put: () => Promise.reject(new Error('nothing is large')),
      get: () => Promise.reject(new Error('nothing')),
    },
    spec: resolved.value.spec,
    input: {
      runId: 'run',
      shard: 0,
      spec: '',
      asset: { row: 0, assetId: 'a', images: uris.map((uri) => ({ uri })), attributes: {} },
      priorAttempts: 0,
    },
    attempts: 1,
    signal: new AbortController().signal,
  });
}

describe('one call for an asset', () => {
  it('shows the analyzer the picture as its settings want it, and keeps the digest of the image as it was found', async () => {
    const imageDigests = [createHash('sha256').update(picture).digest('hex')];
    const path = join(folder.path, 'a.jpg');
    expect(await call([path])).toMatchObject({
      outcome: { findings: { width: 800, height: 400 }, observed: { imageDigests } },
    });
    expect(await call([path], { maxSidePx: 200 })).toMatchObject({
      outcome: { findings: { width: 200, height: 100 }, observed: { imageDigests } },
    });
  });

  it('returns with the wait that a server asks for', async () => {
    expect(await call([`${server.origin}/busy.jpg`])).toMatchObject({
      ok: false,
      failure: { name: 'FetchFailed' },
      retry: { waitMs: 7_000, unpaid: true },
    });
  });

  it('returns when one of its images may be there later: an answer does not depend on which server was away', async () => {
    const result = await call([join(folder.path, 'a.jpg'), `${server.origin}/down.jpg`]);
    expect(result).toMatchObject({ ok: false, failure: { name: 'FetchFailed' }, retry: undefined });
  });

  it('answers from the other images when one is not there for good', async () => {
    const result = await call([`${server.origin}/none.jpg`, join(folder.path, 'a.jpg')]);
    expect(result).toMatchObject({ ok: true, outcome: { kind: 'succeeded', findings: { width: 800 } } });
  });
});

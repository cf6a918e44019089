import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage } from '../../google/open-storage.ts';
import type { ByteClaim, LookResult, ReadOptions, ReadResult } from '../../images/ports.ts';
import { createObjectReader, type ObjectReader } from '../../images/read-object.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';
import { UNBOUNDED } from './load-from-disk.ts';

const BYTES = Buffer.from('the bytes of a picture');
let server: WebServer;

/** What the server knows of an object, by its name; its bytes are another matter. */
const objects: Readonly<Record<string, Record<string, string>>> = {
  'a.jpg': { contentType: 'image/jpeg', size: String(BYTES.length), generation: '7' },
  'known.jpg': {
    contentType: 'image/jpeg',
    size: '10',
    generation: '7',
    md5Hash: 'HZZWDHIiwnZumj8V99rdyA==',
    crc32c: 'AAAAAQ==',
  },
  'composed.jpg': { contentType: '', contentEncoding: 'gzip', size: '10', generation: '8', crc32c: 'AAAAAQ==' },
  'page.jpg': { contentType: 'text/html; charset=utf-8', size: '10', generation: '7' },
  'untyped.jpg': { size: String(BYTES.length), generation: '7' },
  'huge.jpg': { contentType: 'image/jpeg', size: '1001', generation: '7' },
  'empty.jpg': { contentType: 'image/jpeg', size: '0', generation: '7' },
  'cut.jpg': { contentType: 'image/jpeg', size: '500', generation: '7' },
  'grown.jpg': { contentType: 'image/jpeg', size: '10', generation: '7' },
  'silent-bytes.jpg': { contentType: 'image/jpeg', size: '10', generation: '7' },
  'damaged.jpg': { contentType: 'image/jpeg', size: '10', generation: '7', md5Hash: 'HZZWDHIiwnZumj8V99rdyA==' },
  'gone-between.jpg': { contentType: 'image/jpeg', size: '10', generation: '7' },
};

const bodies: Readonly<Record<string, RequestListener>> = {
  'cut.jpg': (_, response) => {
    response.writeHead(200, { 'content-length': '500' }).write('x'.repeat(100), () => response.destroy());
  },
  'grown.jpg': (_, response) => response.end(Buffer.alloc(5_000)),
  'silent-bytes.jpg': () => undefined,
  'gone-between.jpg': (_, response) => response.writeHead(404).end('No such object'),
};

const refusals: Readonly<Record<string, number>> = {
  'mine.jpg': 403,
  'who.jpg': 401,
  'busy.jpg': 503,
  'slow.jpg': 429,
};

beforeAll(async () => {
  server = await startWebServer({}, (request, response) => {
    const url = new URL(request.url ?? '', 'http://any');
    const name = decodeURIComponent(/^\/storage\/v1\/b\/pictures\/o\/(.*)$/.exec(url.pathname)?.[1] ?? '');
    if (name === 'silent.jpg') return;
    const status = name in objects ? 200 : (refusals[name] ?? 404);
    if (status === 200 && url.searchParams.get('alt') === 'media') {
      const body = bodies[name];
      if (body) body(request, response);
      else response.end(BYTES);
      return;
    }
    const known = objects[name] ?? { error: { code: status, message: 'as Google says it', errors: [] } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(known));
  });
});
afterAll(async () => server[Symbol.asyncDispose]());

function objectsAt(apiEndpoint: string, timeoutMs = 20_000): ObjectReader {
  return createObjectReader({ open: async () => openStorage({ apiEndpoint }), timeoutMs });
}

function read(uri: string, options: Partial<ReadOptions> & { readonly timeoutMs?: number } = {}): Promise<ReadResult> {
  const { timeoutMs = 20_000, ...others } = options;
  return objectsAt(server.origin, timeoutMs).read(uri, {
    maxBytes: 1_000,
    signal: new AbortController().signal,
    claim: UNBOUNDED,
    ...others,
  });
}

function look(name: string): Promise<LookResult> {
  const options = { maxBytes: 1_000, signal: new AbortController().signal };
  return objectsAt(server.origin).look(`gs://pictures/${name}`, options);
}

async function failureOf(uri: string, options: Parameters<typeof read>[1] = {}): Promise<string> {
  const result = await read(uri, options);
  return result.ok ? 'read' : `${result.failure.name}: ${result.failure.message}`;
}

const downloads = (name: string): readonly string[] =>
  server.asked.filter((path) => path.includes(`/o/${name}`) && path.includes('alt=media'));

describe('an object of a bucket', () => {
  it('is looked at first, and then exactly what was seen is downloaded', async () => {
    const claimed: number[] = [];
    const claim: ByteClaim = { reserve: async (bytes) => void claimed.push(bytes), resize: () => undefined };
    expect(await read('gs://pictures/a.jpg', { claim })).toEqual({ ok: true, value: BYTES });
    expect(claimed).toEqual([BYTES.length]);
    expect(downloads('a.jpg')).toEqual([expect.stringContaining('generation=7')]);
  });

  it('is asked for by the generation that its reference names', async () => {
    await read('gs://pictures/untyped.jpg', { generation: '5' });
    expect(server.asked).toContainEqual(expect.stringMatching(/untyped\.jpg\?.*generation=5/));
  });

  it.each([
    ['no.jpg', {}, /^ImageMissing: gs:\/\/pictures\/no\.jpg does not exist \(404 Not Found\)$/],
    ['no.jpg', { generation: '5' }, /^ImageMissing: .* has no generation 5 \(404\): it was replaced or removed$/],
    ['gone-between.jpg', {}, /^ImageMissing: .*gone-between\.jpg does not exist/],
    ['mine.jpg', {}, /^ImageForbidden: .* \(403\): the worker needs storage\.objects\.get on the bucket pictures, as/],
    [
      'who.jpg',
      {},
      /^ImageForbidden: .* may not be read: the worker has no credentials that are accepted; run gcloud auth/,
    ],
    ['page.jpg', {}, /^ImageUnreadable: .*page\.jpg is no image: its type is text\/html; charset=utf-8$/],
    ['empty.jpg', {}, /^ImageUnreadable: .*empty\.jpg is empty$/],
    ['huge.jpg', {}, /^ImageTooLarge: .* has 1,001 bytes; the limit is 1,000 bytes$/],
    ['grown.jpg', {}, /^ImageTooLarge: .* bytes; the limit is 1,000 bytes$/],
    ['busy.jpg', {}, /^FetchFailed: .* cannot be fetched just now \(503 Service Unavailable\)$/],
    ['slow.jpg', {}, /^FetchFailed: .* \(429 Too Many Requests\)$/],
    ['cut.jpg', {}, /^FetchFailed: .*cut\.jpg cannot be fetched just now/],
    ['damaged.jpg', {}, /^FetchFailed: .* \(its bytes came damaged\)$/],
    ['silent.jpg', { timeoutMs: 200 }, /^FetchFailed: .* \(no end within 0\.2 s\)$/],
    ['silent-bytes.jpg', { timeoutMs: 200 }, /^FetchFailed: .* \(no end within 0\.2 s\)$/],
  ])('fails by name: %s %j', async (name, options, message) => {
    expect(await failureOf(`gs://pictures/${name}`, options)).toMatch(message);
  });

  it('is not downloaded when its type or size says enough', async () => {
    await read('gs://pictures/page.jpg');
    await read('gs://pictures/huge.jpg');
    expect([...downloads('page.jpg'), ...downloads('huge.jpg')]).toEqual([]);
  });

  it.each([
    [
      'known.jpg',
      {
        contentType: 'image/jpeg',
        contentEncoding: '',
        generation: '7',
        digest: 'md5:1d96560c7222c2766e9a3f15f7daddc8',
      },
    ],
    ['composed.jpg', { contentType: '', contentEncoding: 'gzip', generation: '8', digest: 'crc32c:00000001' }],
  ])('is looked at without a download: %s', async (name, facts) => {
    expect(await look(name)).toMatchObject({ ok: true, value: { ...facts, sizeBytes: 10 } });
    expect(downloads(name)).toEqual([]);
  });

  it.each([
    ['no.jpg', 'ImageMissing'],
    ['mine.jpg', 'ImageForbidden'],
    ['page.jpg', 'ImageUnreadable'],
    ['huge.jpg', 'ImageTooLarge'],
    ['busy.jpg', 'FetchFailed'],
  ])('fails to be looked at as it fails to be read: %s', async (name, failure) => {
    expect(await look(name)).toMatchObject({ ok: false, failure: { name: failure } });
  });

  it.each(['gs://pictures', 'gs://pictures/', 'gs:///a.jpg', 'gs:a.jpg'])('is none behind %s', async (uri) => {
    expect(await failureOf(uri)).toMatch(
      /^ImageMissing: .* names no object; an image in a bucket is gs:\/\/BUCKET\/NAME$/,
    );
  });

  it.each(['silent.jpg', 'silent-bytes.jpg'])('is left when it is not wanted any more: %s', async (name) => {
    const call = new AbortController();
    const reading = read(`gs://pictures/${name}`, { signal: call.signal });
    call.abort(new Error('not wanted'));
    await expect(reading).rejects.toThrow('not wanted');
  });

  it('fails to be fetched where no server answers', async () => {
    const nowhere = objectsAt('http://127.0.0.1:9');
    const options = { maxBytes: 1_000, signal: new AbortController().signal, claim: UNBOUNDED };
    expect(await nowhere.read('gs://pictures/a.jpg', options)).toMatchObject({ failure: { name: 'FetchFailed' } });
  });
});

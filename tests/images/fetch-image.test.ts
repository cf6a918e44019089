import dns from 'node:dns';
import { createServer } from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createImageFetcher, type ImageFetcher } from '../../images/fetch-image.ts';
import { parseAllowedAddresses } from '../../images/judge-address.ts';
import type { ReadOptions, ReadResult } from '../../images/ports.ts';
import { makeCertificate } from '../support/make-certificate.ts';
import { UNBOUNDED } from './load-from-disk.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';

const BYTES = Buffer.from('the bytes of a picture');
let server: WebServer;
let fetcher: ImageFetcher;
const opened: ImageFetcher[] = [];

beforeAll(async () => {
  server = await startWebServer({
    '/a.jpg': (_, response) => response.end(BYTES),
    '/chunked.jpg': (_, response) => {
      response.write(BYTES);
      response.end(BYTES);
    },
    '/empty.jpg': (_, response) => response.end(),
    '/busy.jpg': (_, response) => response.writeHead(503, { 'retry-after': '7' }).end(),
    '/to-a': (_, response) => response.writeHead(302, { location: '/a.jpg?x=1' }).end('moved'),
    '/to-missing': (_, response) => response.writeHead(301, { location: 'none.jpg' }).end(),
    '/to-nowhere': (_, response) => response.writeHead(302).end(),
    '/to-file': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/to-ftp': (_, response) => response.writeHead(302, { location: 'ftp://127.0.0.1/a.jpg' }).end(),
    '/to-private': (_, response) => response.writeHead(307, { location: 'http://169.254.169.254/latest' }).end(),
    '/to-decimal': (_, response) => response.writeHead(308, { location: 'http://2130706434/a.jpg' }).end(),
    '/to-sign-in': (_, response) => response.writeHead(302, { location: 'http://me:secret@127.0.0.1/' }).end(),
    '/to-nonsense': (_, response) => response.writeHead(302, { location: 'http://[oh' }).end(),
    '/circle': (_, response) => response.writeHead(302, { location: '/circle' }).end(),
    '/promises-too-much': (_, response) => response.writeHead(200, { 'content-length': '1001' }).write('x'),
    '/sends-too-much': (_, response) => {
      const send = (): void => {
        while (response.write(Buffer.alloc(600)));
        response.once('drain', send);
      };
      send();
    },
    '/breaks-off': (_, response) => {
      response.writeHead(200, { 'content-length': '500' }).write('x'.repeat(100), () => response.destroy());
    },
    '/silent': () => undefined,
    '/drips': (_, response) => void response.writeHead(200, { 'content-length': '500' }).write('x'),
    '/tells': (request, response) => response.end(JSON.stringify(request.headers)),
  });
  fetcher = open('127.0.0.1');
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await server[Symbol.asyncDispose]();
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

function open(allowed: string, timeoutMs = 20_000): ImageFetcher {
  const one = createImageFetcher({ allowed: parseAllowedAddresses(allowed), timeoutMs, userAgent: 'Sightline/test' });
  opened.push(one);
  return one;
}

function get(path: string, options: Partial<ReadOptions> = {}, by = fetcher): Promise<ReadResult> {
  const address = path.startsWith('/') ? server.origin + path : path;
  return by.fetch(address, { maxBytes: 1_000, signal: new AbortController().signal, claim: UNBOUNDED, ...options });
}

async function failureOf(path: string, by = fetcher): Promise<string> {
  const result = await get(path, {}, by);
  return result.ok ? 'fetched' : `${result.failure.name}: ${result.failure.message.replaceAll(server.origin, '')}`;
}

/** Answers every look-up of a name with these addresses. */
function resolveTo(...addresses: readonly string[]): void {
  vi.spyOn(dns, 'lookup').mockImplementation(((
    _host: string,
    _options: unknown,
    callback: (...args: unknown[]) => void,
  ) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    )) as never);
  syncBuiltinESMExports();
}

describe('fetching an image', () => {
  it('gives its bytes, with and without a length named before', async () => {
    expect(await get('/a.jpg')).toEqual({ ok: true, value: BYTES });
    expect(await get('/chunked.jpg')).toEqual({ ok: true, value: Buffer.concat([BYTES, BYTES]) });
  });

  it('follows redirects, relative ones too', async () => {
    expect(await get('/to-a')).toEqual({ ok: true, value: BYTES });
    expect(server.asked.slice(-2)).toEqual(['/to-a', '/a.jpg?x=1']);
  });

  it('says who asks, and sends no cookie, no sign-in and no wish for compression', async () => {
    const result = await get('/tells');
    const headers = JSON.parse(result.ok ? result.value.toString() : '{}') as object;
    expect(headers).toMatchObject({ 'user-agent': 'Sightline/test', 'accept-encoding': 'identity' });
    expect(Object.keys(headers).toSorted()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  });

  it('reserves the most that an image may have, then what the server names', async () => {
    const claimed: number[] = [];
    const claim = {
      reserve: async (bytes: number) => void claimed.push(bytes),
      resize: (bytes: number) => void claimed.push(bytes),
    };
    await get('/a.jpg', { claim });
    await get('/chunked.jpg', { claim });
    expect(claimed).toEqual([1_000, BYTES.length, 1_000]);
  });

  it('speaks TLS, and trusts nobody by itself', async () => {
    const { key, cert } = makeCertificate();
    const secure = createServer({ key, cert }, (_, response) => response.end(BYTES));
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const address = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/a.jpg`;
    const trusted = tls.getCACertificates('default');
    try {
      expect(await failureOf(address, open('127.0.0.1'))).toMatch(/^FetchFailed: .*\(DEPTH_ZERO_SELF_SIGNED_CERT\)$/);
      tls.setDefaultCACertificates([cert]);
      expect(await get(address, {}, open('127.0.0.1'))).toEqual({ ok: true, value: BYTES });
    } finally {
      tls.setDefaultCACertificates(trusted);
      secure.closeAllConnections();
      secure.close();
    }
  });
});

describe('an image that cannot be fetched', () => {
  it.each([
    ['/none.jpg', 'ImageMissing: /none.jpg does not exist (404 Not Found)'],
    ['/none.jpg?signature=secret', 'ImageMissing: /none.jpg?... does not exist (404 Not Found)'],
    ['/to-missing', 'ImageMissing: /to-missing (redirected to /none.jpg) does not exist (404 Not Found)'],
    ['/to-nowhere', 'ImageUnreadable: /to-nowhere gives no image (302 Found)'],
    [
      '/circle',
      'ImageMissing: /circle (redirected to /circle) does not exist: more than 5 redirects follow each other',
    ],
    ['/to-nonsense', 'ImageMissing: /to-nonsense: the next address is not a valid address'],
    ['http://[oh', 'ImageMissing: http://[oh is not a valid address'],
    ['http://', 'ImageMissing: http:// is not a valid address'],
    ['/empty.jpg', 'ImageUnreadable: /empty.jpg is empty'],
    ['/promises-too-much', 'ImageTooLarge: /promises-too-much has 1,001 bytes; the limit is 1,000 bytes'],
    ['/breaks-off', 'FetchFailed: /breaks-off cannot be fetched just now (UND_ERR_SOCKET)'],
    ['http://127.0.0.1:1/a.jpg', 'FetchFailed: http://127.0.0.1:1/a.jpg cannot be fetched just now (ECONNREFUSED)'],
    ['http://nobody.invalid/a.jpg', /^FetchFailed: http:\/\/nobody.invalid\/a.jpg .*\((ENOTFOUND|EAI_AGAIN)\)$/],
  ])('%s', async (path, message) => {
    expect(await failureOf(path)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('is not received any further than its limit', async () => {
    expect(await failureOf('/sends-too-much')).toMatch(
      /^ImageTooLarge: .* has [\d,]+ bytes; the limit is 1,000 bytes$/,
    );
  });

  it('carries the wait that the server asks for', async () => {
    expect(await get('/busy.jpg')).toMatchObject({ failure: { name: 'FetchFailed' }, retry: { waitMs: 7_000 } });
  });

  it.each(['/silent', '/drips'])('%s: takes no longer than its time', async (path) => {
    expect(await failureOf(path, open('127.0.0.1', 200))).toBe(
      `FetchFailed: ${path} cannot be fetched just now (no end within 0.2 s)`,
    );
  });

  it.each(['/silent', '/drips'])('%s: throws the reason when it is no longer wanted', async (path) => {
    const reason = new Error('not wanted any more');
    const calledOff = new AbortController();
    const before = server.asked.length;
    const fetching = get(path, { signal: calledOff.signal });
    await vi.waitUntil(() => server.asked.length > before);
    calledOff.abort(reason);
    await expect(fetching).rejects.toBe(reason);
  });
});

describe('an address that is refused', () => {
  const strict = open('');

  it.each([
    ['http://127.0.0.1/a.jpg', 'http://127.0.0.1/a.jpg is refused: 127.0.0.1 is a loopback address'],
    ['http://2130706433/', 'http://127.0.0.1/ is refused: 127.0.0.1 is a loopback address'],
    ['http://0x7f.1/', /127\.0\.0\.1 is a loopback address/],
    ['http://0177.0.0.1/', /127\.0\.0\.1 is a loopback address/],
    ['http://127.1/', /127\.0\.0\.1 is a loopback address/],
    ['http://１２７.0.0.1/', /127\.0\.0\.1 is a loopback address/],
    ['http://[::1]/', /::1 is a loopback address/],
    ['http://[::ffff:10.0.0.1]/', /::ffff:a00:1 is a mapped IPv4 address/],
    ['http://169.254.169.254/latest/meta-data', /169\.254\.169\.254 is a link-local address/],
    ['http://0/', /0\.0\.0\.0 is a reserved address/],
    ['http://localhost/a.jpg', /localhost is (127\.0\.0\.1|::1), a loopback address/],
    ['https://10.0.0.1/a.jpg', /10\.0\.0\.1 is a private address/],
    ['http://me:secret@example.com/a.jpg', 'http://example.com/a.jpg is refused: it holds a user name or password'],
  ])('%s', async (address, message) => {
    const failure = await failureOf(address, strict);
    expect(failure).toMatch(/^AddressRefused: /);
    expect(failure.slice('AddressRefused: '.length)).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  });

  it.each([
    ['/to-file', 'the next address is refused: it begins with file:, not with http: or https:'],
    ['/to-ftp', 'the next address is refused: it begins with ftp:, not with http: or https:'],
    [
      '/to-private',
      '(redirected to http://169.254.169.254/latest) is refused: 169.254.169.254 is a link-local address',
    ],
    ['/to-decimal', '(redirected to http://127.0.0.2/a.jpg) is refused: 127.0.0.2 is a loopback address'],
    ['/to-sign-in', 'the next address is refused: it holds a user name or password'],
  ])('is refused behind a redirect too: %s', async (path, message) => {
    expect(await failureOf(path)).toBe(`AddressRefused: ${path}${message.startsWith('(') ? ' ' : ': '}${message}`);
  });

  it('is a name as soon as one of its addresses is refused', async () => {
    resolveTo('93.184.215.14', '10.0.0.7');
    expect(await failureOf('http://two-faced.example/a.jpg', strict)).toBe(
      'AddressRefused: http://two-faced.example/a.jpg is refused: two-faced.example is 10.0.0.7, a private address',
    );
  });

  it('is a name that answers with another address the second time', async () => {
    const { port } = new URL(server.origin);
    const rebinding = open('127.0.0.1');
    resolveTo('127.0.0.1');
    expect(await get(`http://rebinding.example:${port}/a.jpg`, {}, rebinding)).toMatchObject({ ok: true });
    resolveTo('127.0.0.2');
    // Another scheme is another connection: the name is looked up again.
    expect(await failureOf(`https://rebinding.example:${port}/a.jpg`, rebinding)).toMatch(
      /^AddressRefused: .*127\.0\.0\.2/,
    );
  });

  it('is fetched when its host is allowed by name', async () => {
    const { port } = new URL(server.origin);
    resolveTo('127.0.0.1');
    const lenient = open('photos.intranet');
    expect(await get(`http://photos.intranet:${port}/a.jpg`, {}, lenient)).toMatchObject({ ok: true });
    expect(await failureOf(`http://other.intranet:${port}/a.jpg`, lenient)).toMatch(/^AddressRefused/);
  });
});

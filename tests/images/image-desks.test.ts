import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGoogle } from '../../google/open-google.ts';
import { createImageDesks, type ImageDesks } from '../../images/image-desks.ts';
import { DEFAULT_IMAGE_LIMITS } from '../../config/image-limits.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { encode, noise } from './sample-images.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';

const NEVER = new AbortController().signal;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: WebServer;
let picture: Buffer;

beforeAll(async () => {
  folder = await temporaryFolder('sightline-desks-');
  picture = await encode(noise(60, 30), 'jpeg');
  server = await startWebServer({
    '/a.jpg': (_, response) => response.setHeader('content-type', 'text/html').end(picture),
    '/page.jpg': (_, response) => response.setHeader('content-type', 'image/jpeg').end('<html>sign in</html>'),
    '/busy.jpg': (_, response) => response.writeHead(429, { 'retry-after': '3' }).end(),
    '/silent.jpg': () => undefined,
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function openDesks(bytesInFlight = 1_000_000): ImageDesks {
  return createImageDesks({
    bytesInFlight,
    allowPrivateAddresses: '127.0.0.1',
    fetchTimeoutMs: 20_000,
    openStorage: openGoogle().storage,
    userAgent: 'Sightline/test',
  });
}

describe('a desk for the images of one asset', () => {
  it('takes paths and addresses, and looks at bytes, not at what the server says they are', async () => {
    await using desks = openDesks();
    using desk = desks.open({ limits: DEFAULT_IMAGE_LIMITS, changes: {}, signal: NEVER });
    const path = join(folder.path, 'a.jpg');
    await writeFile(path, picture);
    const facts = { mimeType: 'image/jpeg', widthPx: 60, heightPx: 30 };
    expect(await desk.load({ uri: path })).toMatchObject({ ok: true, value: { ...facts, uri: path } });
    expect(await desk.load({ uri: `${server.origin}/a.jpg` })).toMatchObject({ ok: true, value: facts });
    expect(await desk.load({ uri: `${server.origin}/page.jpg` })).toMatchObject({
      failure: { name: 'ImageUnreadable' },
    });
  });

  it('reads an image once, and tells what it saw in the order of the asset', async () => {
    await using desks = openDesks();
    using desk = desks.open({ limits: DEFAULT_IMAGE_LIMITS, changes: {}, signal: NEVER });
    const [good, missing] = [{ uri: `${server.origin}/a.jpg?once` }, { uri: `${server.origin}/none.jpg` }];
    expect(desk.observed([missing, good])).toBeUndefined();
    const [first] = await Promise.all([desk.load(good), desk.load(good), desk.load(missing)]);
    expect(await desk.load(good)).toBe(first);
    expect(server.asked.filter((path) => path === '/a.jpg?once')).toHaveLength(1);
    expect(desk.observed([missing, good])).toEqual({
      imageDigests: [null, first.ok ? first.value.sha256 : ''],
    });
  });

  it('passes on the wait that a server asks for', async () => {
    await using desks = openDesks();
    using desk = desks.open({ limits: DEFAULT_IMAGE_LIMITS, changes: {}, signal: NEVER });
    expect(await desk.load({ uri: `${server.origin}/busy.jpg` })).toMatchObject({
      failure: { name: 'FetchFailed' },
      retry: { waitMs: 3_000, unpaid: true },
    });
  });

  it('holds the bytes of its images until its call ends, and no longer', async () => {
    await using desks = openDesks(1_000_000);
    const limits = { ...DEFAULT_IMAGE_LIMITS, maxBytes: 999_000 };
    const first = desks.open({ limits, changes: {}, signal: NEVER });
    using second = desks.open({ limits, changes: {}, signal: NEVER });
    await first.load({ uri: `${server.origin}/a.jpg` });
    // Of unknown size: as large as allowed, and with the first picture there is not so much room.
    const waiting = second.load({ uri: `${server.origin}/a.jpg?second` });
    await second.load({ uri: join(folder.path, 'none.jpg') });
    expect(server.asked).not.toContain('/a.jpg?second');
    first[Symbol.dispose]();
    expect(await waiting).toMatchObject({ ok: true });
  });

  it('calls off what is still being read when its call ends', async () => {
    await using desks = openDesks();
    const desk = desks.open({ limits: DEFAULT_IMAGE_LIMITS, changes: {}, signal: NEVER });
    const reading = desk.load({ uri: `${server.origin}/silent.jpg` });
    desk[Symbol.dispose]();
    await expect(reading).rejects.toThrow('the call has ended');
  });

  it('reads nothing that is asked for when its call has ended', async () => {
    await using desks = openDesks();
    const desk = desks.open({ limits: DEFAULT_IMAGE_LIMITS, changes: {}, signal: NEVER });
    desk[Symbol.dispose]();
    await expect(desk.load({ uri: `${server.origin}/a.jpg?late` })).rejects.toThrow('the call has ended');
    expect(server.asked).not.toContain('/a.jpg?late');
  });
});

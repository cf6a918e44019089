import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage } from '../../google/open-storage.ts';
import { createFolderSource } from '../../sources/folder-source.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';
import { readAll } from '../suites/asset-source.suite.ts';

let server: WebServer;
const refusals: Readonly<Record<string, number>> = { mine: 403, who: 401, busy: 503, nowhere: 404, Bad: 400 };
/** Objects in the order in which Cloud Storage lists them, two to a page. */
const OBJECTS = [
  '.hidden.jpg',
  'a.jpg',
  'b/1.jpg',
  'b/1/x.jpg',
  'b/2.JPG',
  'b/notes.txt',
  'b/thumbs/.cache/x.jpg',
  'c/',
  'c/17_back.png',
  'c/17_front.png',
  'z.jpg',
];

beforeAll(async () => {
  server = await startWebServer({}, (request, response) => {
    const url = new URL(request.url ?? '', 'http://any');
    const bucket = /^\/storage\/v1\/b\/([^/]+)\/o$/.exec(url.pathname)?.[1] ?? '';
    const status = refusals[bucket] ?? 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    if (status !== 200) {
      response.end(JSON.stringify({ error: { code: status, message: 'as Google says it', errors: [] } }));
      return;
    }
    const names = OBJECTS.filter((name) => name.startsWith(url.searchParams.get('prefix') ?? ''));
    const start = Number(url.searchParams.get('pageToken') ?? 0);
    const next = start + 2 < names.length ? { nextPageToken: String(start + 2) } : {};
    const items = names.slice(start, start + 2).map((name) => ({ name, generation: '7', bucket }));
    response.end(JSON.stringify({ kind: 'storage#objects', ...(items.length > 0 && { items }), ...next }));
  });
});
afterAll(async () => server[Symbol.asyncDispose]());

const sourceAt = (origin: string) => createFolderSource(async () => openStorage({ apiEndpoint: origin }));

async function read(path: string, group?: string): Promise<readonly string[]> {
  const { assets } = await readAll(sourceAt(server.origin), { kind: 'folder', path, ...(group && { group }) });
  return assets.map(
    ({ assetId, images }) => `${assetId}: ${images.map(({ uri }) => uri.slice('gs://p/'.length)).join(' ')}`,
  );
}

async function messageOf(path: string, origin = server.origin): Promise<string> {
  const result = await sourceAt(origin).describe({ kind: 'folder', path });
  return result.ok ? 'fine' : `${result.failure.name}: ${result.failure.message}`;
}

describe('a folder in a bucket', () => {
  it('has an asset for each image of its root and for each folder below, over several pages', async () => {
    expect(await read('gs://p')).toEqual([
      'a.jpg: a.jpg',
      'b/1: b/1/x.jpg',
      'b: b/1.jpg b/2.JPG',
      'c: c/17_back.png c/17_front.png',
      'z.jpg: z.jpg',
    ]);
  });

  it('is one place with and without a slash at its end, and the root of the ids', async () => {
    const expected = ['1.jpg: b/1.jpg', '1: b/1/x.jpg', '2.JPG: b/2.JPG'];
    expect(await read('gs://p/b')).toEqual(expected);
    expect(await read('gs://p/b/')).toEqual(expected);
  });

  it('pins each image to the generation that is there', async () => {
    const { assets } = await readAll(sourceAt(server.origin), { kind: 'folder', path: 'gs://p/c' });
    expect(assets[0]?.images).toEqual([{ uri: 'gs://p/c/17_back.png', generation: '7' }]);
  });

  it.each([
    ['gs://p/**/*.png', ['c: c/17_back.png c/17_front.png']],
    ['gs://p/*.jpg', ['a.jpg: a.jpg', 'z.jpg: z.jpg']],
    ['gs://p/b/?.*', ['1.jpg: b/1.jpg', '2.JPG: b/2.JPG']],
    ['gs://p/{b,c}/1*', ['b: b/1.jpg', 'c: c/17_back.png c/17_front.png']],
  ])('takes the images that fit signs for many names: %s', async (path, expected) => {
    expect(await read(path)).toEqual(expected);
  });

  it('is grouped by the names of its files, and names that do not fit are rejected', async () => {
    expect(await read('gs://p/c', '{id}_*')).toEqual(['17: c/17_back.png c/17_front.png']);
    const spec = { kind: 'folder', path: 'gs://p', group: '{id}_*' } as const;
    const { assets, rejects } = await readAll(sourceAt(server.origin), spec);
    expect(assets.map(({ assetId }) => assetId)).toEqual(['c/17']);
    expect(rejects[0]).toMatchObject({
      reason: expect.stringContaining('does not fit'),
      original: { cells: ['gs://p/b/1/x.jpg'] },
    });
    expect(rejects).toHaveLength(5);
  });

  it.each([
    ['gs://', /^InvalidRequest: gs:\/\/ names no bucket; a folder in one is gs:\/\/BUCKET\/FOLDER$/],
    ['gs://nowhere/x', /^InvalidRequest: gs:\/\/nowhere\/x: there is no bucket nowhere; check its name$/],
    ['gs://mine/x', /^InvalidRequest: .* may not be listed; this needs storage\.objects\.list on the bucket mine, as/],
    ['gs://who/x', /^InvalidRequest: .* cannot be listed without credentials that are accepted; run gcloud auth/],
    ['gs://Bad/x', /^InvalidRequest: .* cannot be listed: as Google says it$/],
    ['gs://busy/x', /^SourceUnavailable: gs:\/\/busy\/x cannot be listed just now \(503\)$/],
    ['gs://p/none', /^InvalidRequest: No images in gs:\/\/p\/none: there are no files ending in \.jpg/],
    ['gs://p/b/*.png', /^InvalidRequest: No images in gs:\/\/p\/b\/\*\.png: there are 4 other files, but none ending/],
  ])('that cannot be used is refused by name: %s', async (path, message) => {
    expect(await messageOf(path)).toMatch(message);
  });

  it('is worth another try where no server answers', async () => {
    expect(await messageOf('gs://p', 'http://127.0.0.1:9')).toMatch(/^SourceUnavailable: gs:\/\/p cannot be listed/);
  });
});

it('a bucket that nobody can be asked for is refused with how to sign in', async () => {
  const source = createFolderSource(() => Promise.reject(new Error('there is no file of default credentials')));
  await expect(readAll(source, { kind: 'folder', path: 'gs://mine' })).rejects.toMatchObject({
    failure: 'InvalidRequest',
    message: expect.stringContaining('run gcloud auth application-default login'),
  });
});

it('a bucket that is read with a file of credentials that is not there is refused with its name, not tried again', async () => {
  const missing = new Error('GOOGLE_APPLICATION_CREDENTIALS names /nowhere.json, which does not exist');
  const source = createFolderSource(() => Promise.reject(Object.assign(missing, { code: 'ENOENT' })));
  await expect(readAll(source, { kind: 'folder', path: 'gs://mine' })).rejects.toMatchObject({
    failure: 'InvalidRequest',
    message: expect.stringMatching(
      /^gs:\/\/mine cannot be listed: .* names \/nowhere\.json, which .*; run gcloud auth/,
    ),
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStorage, type StorageServer } from '../../fake-google/start-storage.ts';
import { openGoogle } from '../../google/open-google.ts';
import { createFolderSource } from '../../sources/folder-source.ts';
import { storageClient } from '../support/google-clients.ts';
import { cli } from '../support/recorded-io.ts';
import { assetSourceSuite } from '../suites/asset-source.suite.ts';

let folder: string;
let server: StorageServer;
let picture: Buffer;
let buckets = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  server = await startStorage({ bucketsFolder: folder });
  picture = await sharp({ create: { width: 60, height: 30, channels: 3, background: '#336699' } })
    .jpeg()
    .toBuffer();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function makeBucket(name: string, ...objects: readonly string[]): Promise<void> {
  const bucket = storageClient(server.url).bucket(name);
  await bucket.create();
  for (const object of objects) await bucket.file(object).save(picture, { resumable: false });
}

assetSourceSuite('a folder in a bucket', {
  source: createFolderSource(async () => openGoogle({ storageEndpoint: server.url }).storage()),
  temporaryFolder: async () => ({ path: `gs://bucket-${buckets++}`, async [Symbol.asyncDispose]() {} }),
  good: async (path) => {
    const long = `${'x'.repeat(200)}/`.repeat(3);
    await makeBucket(path.slice(5), 'a.jpg', 'o1:3f/17/b.jpg', 'o1:3f/17/c.jpg', 'signs #1/d.png', `${long}e.jpg`);
    return { kind: 'folder', path };
  },
  missing: (path) => ({ kind: 'folder', path }),
  empty: async (path) => {
    await makeBucket(path.slice(5), 'notes.txt');
    return { kind: 'folder', path };
  },
});

test('sightline sources inspect tells what is in a bucket and opens its images', async () => {
  await makeBucket('street', 'poles/1/a.jpg', 'poles/1/b.jpg', 'poles/2/a.jpg', 'poles/notes.txt');
  const env = { SIGHTLINE_STORAGE_ENDPOINT: server.url };
  const { code, out, err } = await cli(['sources', 'inspect', 'gs://street/poles/**/*.jpg'], { env });
  expect(code).toBe(0);
  expect(out).toMatch(/gs:\/\/street\/poles\/\*\*\/\*\.jpg {2}folder\n {2}assets {4}2 with 3 images\n/);
  expect(out).toContain('3 of the first 3 can be read');
  expect(err).toContain("Next: npx sightline runs start 'gs://street/poles/**/*.jpg' --wait");
});

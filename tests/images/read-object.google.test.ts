import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_IMAGE_LIMITS } from '../../config/image-limits.ts';
import { startStorage, type StorageServer } from '../../fake-google/start-storage.ts';
import { openGoogle } from '../../google/open-google.ts';
import { createImageDesks, type ImageDesks } from '../../images/image-desks.ts';
import { storageClient } from '../support/google-clients.ts';
import { cli } from '../support/recorded-io.ts';

const NAMES = ['snapshot/v0/o1:3fa9:00250082.jpg', 'a blank#and?50%.jpg', 'ä/é.png', '#1.jpg'];
let folder: string;
let server: StorageServer;
let desks: ImageDesks;
let picture: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  server = await startStorage({ bucketsFolder: folder });
  picture = await sharp({ create: { width: 60, height: 30, channels: 3, background: '#336699' } })
    .jpeg()
    .toBuffer();
  const bucket = storageClient(server.url).bucket('pictures');
  await bucket.create();
  for (const name of NAMES) await bucket.file(name).save(picture, { contentType: 'image/jpeg', resumable: false });
  desks = createImageDesks({
    bytesInFlight: 1_000_000,
    allowPrivateAddresses: '',
    fetchTimeoutMs: 20_000,
    openStorage: openGoogle({ storageEndpoint: server.url }).storage,
    userAgent: 'Sightline/test',
  });
});
afterAll(async () => {
  await desks[Symbol.asyncDispose]();
  await server.close();
  await rm(folder, { recursive: true });
});

async function load(uri: string, generation?: string) {
  using desk = desks.open({ limits: DEFAULT_IMAGE_LIMITS, changes: {}, signal: new AbortController().signal });
  return await desk.load({ uri, ...(generation && { generation }) });
}

test.each(NAMES)('an object that somebody else will read is only looked at: %s', async (name) => {
  using desk = desks.open({ limits: DEFAULT_IMAGE_LIMITS, changes: {}, signal: new AbortController().signal });
  const image = { uri: `gs://pictures/${name}` };
  expect(desk.observed([image])).toBeUndefined();
  const digest = `md5:${hash('md5', picture, 'hex')}`;
  const facts = { contentType: 'image/jpeg', contentEncoding: '', sizeBytes: picture.length, digest };
  expect(await desk.look(image)).toMatchObject({ ok: true, value: facts });
  expect(desk.observed([image])).toEqual({ imageDigests: [digest] });
  // What was read says more.
  await desk.load(image);
  expect(desk.observed([image])).toEqual({ imageDigests: [hash('sha256', picture, 'hex')] });
});

test.each(NAMES)('an object is read by the name that it has: %s', async (name) => {
  const uri = `gs://pictures/${name}`;
  expect(await load(uri)).toMatchObject({ ok: true, value: { uri, mimeType: 'image/jpeg', widthPx: 60 } });
});

test('a generation that is not there is not replaced by the newest', async () => {
  const file = storageClient(server.url).bucket('pictures').file('#1.jpg');
  const [{ generation }] = await file.getMetadata();
  expect(await load('gs://pictures/#1.jpg', String(generation))).toMatchObject({ ok: true });
  expect(await load('gs://pictures/#1.jpg', '1')).toMatchObject({
    failure: { name: 'ImageMissing', message: expect.stringContaining('has no generation 1') },
  });
});

test('an object or a bucket that is not there is missing', async () => {
  for (const uri of ['gs://pictures/none.jpg', 'gs://nowhere/none.jpg']) {
    expect(await load(uri)).toMatchObject({ failure: { name: 'ImageMissing', message: expect.stringContaining(uri) } });
  }
});

test('sightline try looks at objects of a bucket', async () => {
  const env = { SIGHTLINE_STORAGE_ENDPOINT: server.url };
  const { code, out } = await cli(['try', 'gs://pictures/a blank#and?50%.jpg', '--prompt', 'resolution', '--json'], {
    env,
    workingDir: folder,
  });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ asset_id: 'a blank#and?50%.jpg', findings: { width: 60, height: 30 } });
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBigQuery } from '../../fake-google/start-bigquery.ts';
import { startStorage } from '../../fake-google/start-storage.ts';
import type { StorageServer } from '../../fake-google/start-storage.ts';
import { bigQueryClient, storageClient } from '../support/google-clients.ts';

let folder: string;
let server: StorageServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  server = await startStorage({ bucketsFolder: folder });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('gives back an object with colons in its name, its hash and its generation', async () => {
  const bucket = storageClient(server.url).bucket('pictures');
  await bucket.create();
  const file = bucket.file('snapshot/v0/o1:3fa9:00250082.jpg');
  await file.save(Buffer.from('a picture'), { contentType: 'image/jpeg', resumable: false });
  const [metadata] = await file.getMetadata();
  expect(metadata).toMatchObject({ contentType: 'image/jpeg', size: '9', md5Hash: expect.any(String) });
  const pinned = bucket.file(file.name, { generation: String(metadata.generation) });
  const [bytes] = await pinned.download();
  expect(bytes.toString()).toBe('a picture');
  expect(await readFile(join(folder, 'pictures', file.name), 'utf8')).toBe('a picture');
});

test('lets one of many create an object that must not exist yet', async () => {
  const bucket = storageClient(server.url).bucket('claims');
  await bucket.create();
  const claims = await Promise.allSettled(
    [1, 2, 3, 4].map((claimant) =>
      bucket
        .file('claim.json')
        .save(String(claimant), { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } }),
    ),
  );
  expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('says 404 for what is not there', async () => {
  const client = storageClient(server.url);
  await expect(client.bucket('nowhere').getMetadata()).rejects.toMatchObject({ code: 404 });
  await expect(client.bucket('nowhere').file('nothing.jpg').download()).rejects.toMatchObject({ code: 404 });
});

test('shares its buckets with the stand-in for BigQuery, which loads from gs://', async () => {
  const storage = storageClient(server.url);
  await storage.bucket('staging').create();
  const file = storage.bucket('staging').file('rows/part-0.ndjson');
  await file.save('{"id":"a"}\n{"id":"b"}\n', { resumable: false });
  await using bigQueryServer = await startBigQuery({ bucketsFolder: folder });
  const client = bigQueryClient(bigQueryServer.url);
  await client.createDataset('loads');
  const [table] = await client.dataset('loads').createTable('rows', { schema: [{ name: 'id', type: 'STRING' }] });
  await table.load(file, { sourceFormat: 'NEWLINE_DELIMITED_JSON' });
  expect((await table.getRows())[0]).toEqual([{ id: 'a' }, { id: 'b' }]);
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { listenOnLoopback, type Listening } from '../../fake-google/listen-on-loopback.ts';
import { checkCredentials, type CredentialPlaces } from '../../google/check-credentials.ts';

/** Answers as a metadata server, as anything else on that address, or never. */
let kind: 'google' | 'other' | 'silent';
let home: string;
let server: Listening;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  const answering = createServer((_request, response) => {
    if (kind !== 'silent') response.writeHead(200, kind === 'google' ? { 'metadata-flavor': 'Google' } : {}).end();
  });
  server = await listenOnLoopback(answering, 0, () => answering.closeAllConnections());
});
afterEach(() => rm(join(home, '.config'), { recursive: true, force: true }));
afterAll(async () => {
  await server.close();
  await rm(home, { recursive: true });
});

const check = (places: CredentialPlaces = {}) =>
  checkCredentials({
    env: { HOME: home },
    isGoogles: () => false,
    metadataUrls: [`http://127.0.0.1:${server.port}`, 'http://127.0.0.1:1'],
    ...places,
  });

test.each(['other', 'silent'] as const)(
  'no credentials are noticed where a metadata server would be %s',
  async (found) => {
    kind = found;
    await expect(check()).rejects.toThrow(/^GOOGLE_APPLICATION_CREDENTIALS is not set, .* no metadata server answers$/);
  },
);

test('credentials are there on a machine of Google, by its metadata server or by what it says of itself', async () => {
  kind = 'google';
  await check();
  kind = 'silent';
  await check({ isGoogles: () => true });
});

test.each(['GOOGLE_APPLICATION_CREDENTIALS', 'GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION'])(
  'who sets %s is asked nothing',
  async (name) => {
    kind = 'other';
    await check({ env: { [name]: 'something' } });
    await expect(check({ env: { [name]: '' } })).rejects.toThrow('is not set');
  },
);

test('who has signed in has credentials, wherever gcloud keeps them', async () => {
  kind = 'other';
  const folder = join(home, '.config', 'gcloud');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'application_default_credentials.json'), '{}');
  await check();
  await check({ env: { CLOUDSDK_CONFIG: folder } });
  await expect(check({ env: { HOME: home, CLOUDSDK_CONFIG: home } })).rejects.toThrow('is not set');
});

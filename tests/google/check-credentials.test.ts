import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { listenOnLoopback, type Listening } from '../../fake-google/listen-on-loopback.ts';
import { NoCredentialsError } from '../../google/no-credentials-error.ts';
import { checkCredentials, type CredentialPlaces } from '../../google/check-credentials.ts';

const PERSON = JSON.stringify({ type: 'authorized_user', client_id: 'a', client_secret: 'b', refresh_token: 'c' });
const KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
const ROBOT = { type: 'service_account', client_email: 'robot@example.com', private_key: KEY };

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

test.each(['GCE_METADATA_HOST', 'GCE_METADATA_IP', 'METADATA_SERVER_DETECTION'])(
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
  await writeFile(join(folder, 'application_default_credentials.json'), PERSON);
  await check();
  await check({ env: { CLOUDSDK_CONFIG: folder } });
  await expect(check({ env: { HOME: home, CLOUDSDK_CONFIG: home } })).rejects.toThrow('is not set');
});

test.each([
  ['the key of a service account', ROBOT],
  ['one that says no type', { ...ROBOT, type: undefined }],
  ['workload identity', { type: 'external_account', audience: '//iam.googleapis.com/...' }],
])('a file that is named and holds %s is taken, and nobody is asked', async (_, held) => {
  kind = 'other';
  const path = join(home, 'key.json');
  await writeFile(path, JSON.stringify(held));
  await check({ env: { GOOGLE_APPLICATION_CREDENTIALS: path } });
  await check({ env: { google_application_credentials: path } });
  await expect(check({ env: { GOOGLE_APPLICATION_CREDENTIALS: '' } })).rejects.toThrow('is not set');
});

test.each([
  ['{"type":"service_account",', 'is no JSON object as Google writes its keys'],
  ['[]', 'is no JSON object as Google writes its keys'],
  ['', 'is no JSON object as Google writes its keys'],
  ['{}', 'is no key of Google: it lacks client_email, private_key'],
  ['{"type":"authorized_user","client_id":"a"}', 'is no key of Google: it lacks client_secret, refresh_token'],
  [JSON.stringify({ ...ROBOT, private_key: 'cut off' }), 'holds a private_key that cannot be read'],
])('a file of credentials that holds %s is none, and is named', async (text, what) => {
  kind = 'google';
  const path = join(home, 'broken.json');
  await writeFile(path, text);
  await expect(check({ env: { GOOGLE_APPLICATION_CREDENTIALS: path } })).rejects.toThrow(
    new NoCredentialsError(`GOOGLE_APPLICATION_CREDENTIALS names ${path}, which ${what}`),
  );
  const folder = join(home, '.config', 'gcloud');
  await mkdir(folder, { recursive: true });
  const signedIn = join(folder, 'application_default_credentials.json');
  await writeFile(signedIn, text);
  await expect(check()).rejects.toThrow(
    new NoCredentialsError(`the file of default credentials is ${signedIn}, which ${what}`),
  );
});

test('a file of credentials that is not there, or is a folder, is none, and is named', async () => {
  kind = 'google';
  const path = join(home, 'nothing.json');
  const named = (file: string) => check({ env: { GOOGLE_APPLICATION_CREDENTIALS: file } });
  await expect(named(path)).rejects.toThrow(`names ${path}, which does not exist`);
  await expect(named(home)).rejects.toThrow(`names ${home}, which is a folder`);
});

import { afterEach, expect, test, vi } from 'vitest';
import { openGoogle } from '../../google/open-google.ts';
import { startTokenServer } from '../support/token-server.ts';

afterEach(() => vi.unstubAllEnvs());

function nobodySignedIn(): void {
  vi.stubEnv('HOME', '/nowhere');
  for (const name of ['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_CONFIG']) vi.stubEnv(name, '');
}

test('credentials that were found are not looked for again', async () => {
  const google = openGoogle();
  await using server = await startTokenServer();
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', server.credentialsFile);
  await google.signedIn('bigQuery');
  await google.signedIn('storage');
  nobodySignedIn();
  await google.signedIn('bigQuery');
  await google.storage();
});

test('servers that are no one of Google’s need none', async () => {
  nobodySignedIn();
  const google = openGoogle({ bigQueryEndpoint: 'http://127.0.0.1:1', storageEndpoint: 'http://127.0.0.1:2' });
  await google.signedIn('bigQuery');
  expect((await google.storage()).apiEndpoint).toBe('http://127.0.0.1:2');
});

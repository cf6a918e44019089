import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { checkGoogleCloud } from '../../../cli/doctor/check-google-cloud.ts';
import { parseSettings } from '../../../config/parse-settings.ts';
import { listenOnLoopback, type Listening } from '../../../fake-google/listen-on-loopback.ts';
import { startPermissions, type PermissionsServer } from '../../../fake-google/start-permissions.ts';

const NOBODY = 'http://127.0.0.1:1';

/** Has the dataset `results` and no other. */
let bigQuery: Listening;
let google: PermissionsServer;
const asked: string[] = [];

beforeAll(async () => {
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const isThere = !request.url?.includes('/datasets/') || request.url.endsWith('/datasets/results');
    const error = { code: 404, message: 'Not found: Dataset' };
    response.writeHead(isThere ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isThere ? { location: 'EU' } : { error }));
  });
  bigQuery = await listenOnLoopback(server, 0, () => server.closeAllConnections());
  google = await startPermissions({
    bigQueryUrl: `http://127.0.0.1:${bigQuery.port}`,
    storageUrl: NOBODY,
    missing: ['aiplatform.endpoints.predict'],
  });
});
afterAll(async () => {
  await google.close();
  await bigQuery.close();
});
afterEach(() => vi.unstubAllEnvs());

async function check(env: Readonly<Record<string, string>>, url = google.url) {
  const endpoints = {
    SIGHTLINE_BIGQUERY_ENDPOINT: url,
    SIGHTLINE_STORAGE_ENDPOINT: url,
    SIGHTLINE_SERVICE_USAGE_ENDPOINT: url,
    SIGHTLINE_RESOURCE_MANAGER_ENDPOINT: url,
  };
  const checks = await checkGoogleCloud(parseSettings({ ...endpoints, ...env }, '/'), (words) => `sightline ${words}`);
  return checks.map(({ name, state, fix }) => [name, state, fix]);
}

test('Google is not asked where nothing of it is named', async () => {
  expect(await check({ GEMINI_API_KEY: 'sesame' }, NOBODY)).toEqual([]);
});

test('a project that is named is looked at as by gcloud check', async () => {
  const checks = await check({ GOOGLE_CLOUD_PROJECT: 'my-project' });
  expect(checks.filter(([, state]) => state !== 'ok')).toEqual([
    [
      'aiplatform.endpoints.predict',
      'problem',
      'gcloud projects add-iam-policy-binding my-project --member=user:YOUR-ADDRESS --role=roles/aiplatform.user',
    ],
  ]);
  expect(checks.map(([name]) => name)).toContain('bigquery.jobs.create');
});

test('a dataset that runs go to is looked at, and its project not for the model', async () => {
  const checks = await check({ SIGHTLINE_STORE: 'bq://my-project.results' });
  expect(checks).toEqual([
    ['bigquery.googleapis.com', 'ok', undefined],
    ['bigquerystorage.googleapis.com', 'ok', undefined],
    ['bigquery.jobs.create', 'ok', undefined],
    ['dataset results', 'ok', undefined],
  ]);
});

test('a dataset that is not there comes with the command that makes it', async () => {
  const env = { SIGHTLINE_STORE: 'bq://my-project.nowhere', GOOGLE_CLOUD_PROJECT: 'my-project' };
  expect(await check(env)).toContainEqual([
    'dataset nowhere',
    'problem',
    'sightline gcloud setup --store bq://my-project.nowhere --location US',
  ]);
});

test('two projects are looked at, each for what it is for', async () => {
  asked.length = 0;
  const checks = await check({ SIGHTLINE_STORE: 'bq://store-project.results', GOOGLE_CLOUD_PROJECT: 'my-project' });
  expect(checks.filter(([name]) => name === 'bigquery.jobs.create')).toHaveLength(2);
  expect(checks.filter(([name]) => name === 'aiplatform.endpoints.predict')).toHaveLength(1);
  expect(asked[0]).toBe('/bigquery/v2/projects/store-project/datasets/results');
});

test('missing credentials are one problem with its fix', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/not/there.json');
  const env = { GOOGLE_CLOUD_PROJECT: 'my-project', SIGHTLINE_RESOURCE_MANAGER_ENDPOINT: 'https://127.0.0.1:1' };
  expect(await check(env)).toEqual([
    ['project my-project', 'problem', expect.stringContaining('gcloud auth application-default login')],
  ]);
});

test('a Google that does not answer is one problem with its fix', async () => {
  expect(await check({ GOOGLE_CLOUD_PROJECT: 'my-project' }, NOBODY)).toEqual([
    ['project my-project', 'problem', expect.stringContaining('Check the connection')],
  ]);
});

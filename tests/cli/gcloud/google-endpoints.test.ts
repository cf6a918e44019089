import { afterEach, expect, test, vi } from 'vitest';
import { connectGoogle } from '../../../cli/gcloud/connect-google.ts';
import { endpointsOf, GOOGLE_ENDPOINTS } from '../../../cli/gcloud/google-endpoints.ts';
import { parseSettings } from '../../../config/parse-settings.ts';
import { startPermissions } from '../../../fake-google/start-permissions.ts';

afterEach(() => vi.unstubAllEnvs());

const settings = (env: Readonly<Record<string, string>>) => parseSettings(env, '/');

test('where nothing is set, Google is at Google', () => {
  expect(endpointsOf(settings({}))).toEqual(GOOGLE_ENDPOINTS);
});

test('each service is where its setting says', () => {
  const env = {
    SIGHTLINE_BIGQUERY_ENDPOINT: 'http://a:1',
    STORAGE_EMULATOR_HOST: 'b:2',
    SIGHTLINE_SERVICE_USAGE_ENDPOINT: 'https://c/',
    SIGHTLINE_RESOURCE_MANAGER_ENDPOINT: 'https://d',
  };
  expect(endpointsOf(settings(env))).toEqual({
    bigquery: 'http://a:1',
    storage: 'http://b:2',
    serviceUsage: 'https://c',
    resourceManager: 'https://d',
  });
});

test('servers behind plain http are asked without anybody’s credentials', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/not/there.json');
  const nobody = 'http://127.0.0.1:1';
  await using server = await startPermissions({ bigQueryUrl: nobody, storageUrl: nobody, missing: ['a.b.c'] });
  const { url } = server;
  const endpoints = { bigquery: url, storage: url, serviceUsage: url, resourceManager: url };
  const { call, member } = await connectGoogle('my-project', endpoints);
  const body = { permissions: ['a.b.c', 'd.e.f'] };
  const answer = await call({ method: 'POST', url: `${url}/v1/projects/my-project:testIamPermissions`, body });
  expect({ answer, member }).toEqual({
    answer: { status: 200, body: { permissions: ['d.e.f'] } },
    member: 'user:YOUR-ADDRESS',
  });
});

test('where one of them is Google, credentials have to be there', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/not/there.json');
  await expect(connectGoogle('my-project', GOOGLE_ENDPOINTS)).rejects.toThrow('/not/there.json');
});

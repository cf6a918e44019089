import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { cli } from '../support/recorded-io.ts';
import { startWebServer } from '../support/web-server.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  await writeFile(join(folder, 'broken.json'), '{"type":');
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['bq://my-project.street.poles', 'absent.json', 'does not exist'],
  ['bq://my-project.street.poles', 'broken.json', 'is no JSON object as Google writes its keys'],
  ['gs://pictures/poles', 'absent.json', 'does not exist'],
  ['gs://pictures/poles', 'broken.json', 'is no JSON object as Google writes its keys'],
])('%s with credentials in %s ends with exit code 4, the file and the fix', async (source, name, what) => {
  const file = join(folder, name);
  // Google's libraries read that of the process.
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file);
  const { code, err } = await cli(['sources', 'inspect', source], { workingDir: folder });
  expect(err).toBe(
    `There are no credentials for Google Cloud: GOOGLE_APPLICATION_CREDENTIALS names ${file}, which ${what}
Type gcloud auth application-default login, or let GOOGLE_APPLICATION_CREDENTIALS name the file of a service account.
`,
  );
  expect(code).toBe(4);
});

it.each([
  ['sources inspect', []],
  ['runs start', ['--address', '127.0.0.1:1']],
])('credentials that Google refuses end %s with exit code 4 too', async (words, more) => {
  const message = 'Request had invalid authentication credentials.';
  await using google = await startWebServer({}, (_request, response) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { code: 401, message, errors: [{ reason: 'authError', message }] } }));
  });
  const env = { SIGHTLINE_BIGQUERY_ENDPOINT: google.origin };
  const argv = [...words.split(' '), 'bq://my-project.street.poles', ...more];
  const { code, out, err } = await cli(argv, { env, workingDir: folder });
  expect(err).toMatch(
    /^bq:.* cannot be read without credentials that are accepted; run gcloud auth application-default/,
  );
  expect([code, out]).toEqual([4, '']);
});

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGemini } from '../../fake-google/gemini/start-gemini.ts';
import { startBigQuery } from '../../fake-google/start-bigquery.ts';
import { startPermissions } from '../../fake-google/start-permissions.ts';
import { startStorage } from '../../fake-google/start-storage.ts';
import { runProgram } from '../../processes/run-program.mjs';
import { bigQueryClient } from '../support/google-clients.ts';
import { expectGolden } from '../support/golden.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/smoke-google.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-smoke-'));
  for (const name of ['bigquery', 'buckets']) await mkdir(join(folder, name));
});
afterAll(() => rm(folder, { recursive: true }));

test('npm run smoke:google tries everything, says how each ended, and leaves nothing behind', async () => {
  await using started = new AsyncDisposableStack();
  const bucketsFolder = join(folder, 'buckets');
  const bigQuery = started.use(await startBigQuery({ dataFolder: join(folder, 'bigquery'), bucketsFolder }));
  const storage = started.use(await startStorage({ bucketsFolder }));
  const gemini = started.use(await startGemini());
  gemini.faults.add({ fault: { kind: 'refused', status: 404 }, when: ({ model }) => model === 'gemini-0-never-made' });
  const google = started.use(await startPermissions({ bigQueryUrl: bigQuery.url, storageUrl: storage.url }));
  const env = {
    PATH: process.env['PATH'],
    SIGHTLINE_BIGQUERY_ENDPOINT: google.url,
    SIGHTLINE_BIGQUERY_WRITE_ENDPOINT: `127.0.0.1:${bigQuery.grpcPort}`,
    SIGHTLINE_STORAGE_ENDPOINT: google.url,
    SIGHTLINE_SERVICE_USAGE_ENDPOINT: google.url,
    SIGHTLINE_RESOURCE_MANAGER_ENDPOINT: google.url,
    GOOGLE_VERTEX_BASE_URL: gemini.url,
  };
  const { code, output } = await runProgram(process.execPath, [SCRIPT, '--project', 'my-project', '--yes'], { env });

  // What the stand-ins are known not to do has failed; the others have passed.
  await expectGolden('smoke-google', `${withoutWords(output)}--- exit code ${code}\n`);
  const [datasets] = await bigQueryClient(bigQuery.url).getDatasets({ projectId: 'my-project' });
  expect(datasets).toEqual([]);
  expect(await (await fetch(`${storage.url}/storage/v1/b?project=my-project`)).json()).not.toHaveProperty('items');
});

/** What the stand-in for Gemini sees hangs on the name of the bucket, which is another each time. */
function withoutWords(output: string): string {
  return output
    .replace(/says ".*", for (\d+) tokens in and \d+ out/, 'says "...", for $1 tokens in and ... out')
    .replace(/\b(3 rows) after \d+ s/g, '$1 at once');
}

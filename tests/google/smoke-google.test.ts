import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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
import { makeCertificate } from '../support/make-certificate.ts';
import { startTokenServer } from '../support/token-server.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/smoke-google.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-smoke-'));
  for (const name of ['bigquery', 'buckets']) await mkdir(join(folder, name));
});
afterAll(() => rm(folder, { recursive: true }));

test('npm run smoke:google tries everything, says how each ended, and leaves nothing behind', async () => {
  // One of Google's two clients speaks to nobody without TLS.
  const tls = makeCertificate();
  const certificate = join(folder, 'cert.pem');
  await writeFile(certificate, tls.cert);
  await using started = new AsyncDisposableStack();
  const bucketsFolder = join(folder, 'buckets');
  const bigQuery = started.use(await startBigQuery({ dataFolder: join(folder, 'bigquery'), bucketsFolder }));
  const storage = started.use(await startStorage({ bucketsFolder }));
  const gemini = started.use(await startGemini({ tls }));
  gemini.faults.add({ fault: { kind: 'refused', status: 404 }, when: ({ model }) => model === 'gemini-0-never-made' });
  const tokens = started.use(await startTokenServer());
  const google = started.use(await startPermissions({ bigQueryUrl: bigQuery.url, storageUrl: storage.url }));
  const env = {
    PATH: process.env['PATH'],
    SIGHTLINE_BIGQUERY_ENDPOINT: google.url,
    SIGHTLINE_BIGQUERY_WRITE_ENDPOINT: `127.0.0.1:${bigQuery.grpcPort}`,
    SIGHTLINE_STORAGE_ENDPOINT: google.url,
    SIGHTLINE_SERVICE_USAGE_ENDPOINT: google.url,
    SIGHTLINE_RESOURCE_MANAGER_ENDPOINT: google.url,
    GOOGLE_VERTEX_BASE_URL: gemini.url,
    GOOGLE_GEMINI_BASE_URL: gemini.url,
    GEMINI_API_KEY: 'made-up',
    NODE_EXTRA_CA_CERTS: certificate,
    GOOGLE_APPLICATION_CREDENTIALS: tokens.credentialsFile,
  };
  // The stand-in for Cloud Storage knows of no other place.
  const args = [SCRIPT, '--project', 'my-project', '--location', 'US-CENTRAL1', '--yes'];
  const { code, output } = await runProgram(process.execPath, args, { env });

  // What the stand-ins are known not to do has failed; the others have passed.
  await expectGolden('smoke-google', `${withoutWords(output)}--- exit code ${code}\n`);
  const [datasets] = await bigQueryClient(bigQuery.url).getDatasets({ projectId: 'my-project' });
  expect(datasets).toEqual([]);
  expect(await (await fetch(`${storage.url}/storage/v1/b?project=my-project`)).json()).not.toHaveProperty('items');
});

/** What the stand-in for Gemini sees hangs on the name of the bucket, which is another each time. */
function withoutWords(output: string): string {
  return output
    .replace(/says ".*?", for (\d+) tokens in and \d+ out/g, 'says "...", for $1 tokens in and ... out')
    .replaceAll(/sightline-smoke-[0-9a-f]{8}/g, 'sightline-smoke-...')
    .replaceAll(/sightline_smoke_[0-9a-f]{8}/g, 'sightline_smoke_...')
    .replace(/\b(3 rows) after \d+ s/g, '$1 at once');
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../processes/free-port.ts';
import { bigQueryClient } from '../support/google-clients.ts';
import { until } from '../support/rig.ts';
import { spawnCli, type SpawnedCli } from '../support/spawned-cli.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
/** No server of the person who runs the tests, and things of that person at Google that nothing may use. */
const OWN = {
  TEMPORAL_ADDRESS: '',
  GOOGLE_CLOUD_PROJECT: 'mine',
  GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/mine.json',
  GOOGLE_GENAI_USE_VERTEXAI: 'true',
  GEMINI_API_KEYS: 'mine',
};

let dir: string;
let envFile: string;
let ports: readonly string[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sightline-dev-google-'));
  envFile = join(dir, 'dev', 'fake-google.env');
  ports = ['--temporal-port', String(await freePort()), '--ui-port', String(await freePort())];
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const running = new Set<SpawnedCli>();
/** Those of tests that failed. */
afterEach(async () => {
  for (const dev of running) {
    dev.kill('SIGKILL');
    await dev.ended;
  }
});

function start(env: NodeJS.ProcessEnv = {}): SpawnedCli {
  const argv = ['dev', '--fake-google', '--json', '--data-dir', 'dev', ...ports];
  const dev = spawnCli(argv, { cwd: dir, env: { ...OWN, ...env } });
  running.add(dev);
  void dev.ended.then(() => running.delete(dev));
  return dev;
}

interface Where {
  readonly ui_url: string;
  readonly google: Readonly<Record<'bigquery_url' | 'storage_url' | 'gemini_url' | 'photos', string>>;
}

async function ready(dev: SpawnedCli): Promise<Where> {
  await dev.says('Next:');
  return JSON.parse(dev.out()) as Where;
}

const addressesOf = ({ ui_url: ui, google }: Where): readonly string[] => [
  ui,
  google.bigquery_url,
  google.storage_url,
  google.gemini_url,
];

async function answering(where: Where): Promise<readonly string[]> {
  const asked = addressesOf(where).map(async (url) =>
    fetch(url).then(
      () => [url],
      () => [],
    ),
  );
  return (await Promise.all(asked)).flat();
}

/** As a person does in another terminal. */
async function inShell(...argv: readonly string[]): Promise<{ code: unknown; out: string; err: string }> {
  const script = `. '${envFile}' && exec "$0" "$@"`;
  return new Promise((resolve) => {
    const options = { cwd: dir, env: { ...process.env, ...OWN, NO_COLOR: '1' } };
    execFile('sh', ['-c', script, process.execPath, MAIN, ...argv], options, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });
}

describe('dev --fake-google', () => {
  it('takes a run from images in a bucket over Gemini to rows in BigQuery, and keeps them', async () => {
    const first = start();
    const where = await ready(first);
    expect(await answering(where)).toEqual(addressesOf(where));

    const next = /Next: npx sightline (.+)/.exec(first.err())?.[1]?.split(' ') ?? [];
    expect(next).toContain('gs://sightline-sample-photos');
    const run = await inShell(...next, '--id', 'sample-run');
    expect(run).toMatchObject({ code: 0, out: expect.stringContaining('18 = 18 succeeded') });
    const [rows] = await bigQueryClient(where.google.bigquery_url).query(
      "SELECT count(DISTINCT asset_id) AS assets, count(*) AS n, min(analyzer) AS analyzer FROM `sightline-sample`.results.sightline_utility_pole WHERE outcome = 'succeeded'",
    );
    expect(rows).toEqual([{ assets: 18, n: 18, analyzer: 'gemini' }]);
    const seen = await fetch(`${where.google.gemini_url}/control/calls`);
    expect(await seen.json()).toMatchObject({ perStatus: { 200: 18 } });

    const places = ['--project', 'sightline-sample', '--dataset', 'results', '--bucket', 'sightline-sample-photos'];
    const source = 'bq://sightline-sample.street.cropped_observations_latest';
    const checked = await inShell('gcloud', 'check', ...places, '--source', source);
    expect(checked, checked.out).toMatchObject({ code: 0, out: expect.not.stringContaining('PROBLEM') });

    first.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(await answering(where)).toEqual([]);
    expect(existsSync(envFile)).toBe(false);

    const second = start();
    const again = await ready(second);
    expect(second.err()).not.toContain('Filling');
    const listed = await inShell('results', 'list', 'sample-run', '--json');
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining('street-18') });
    second.kill('SIGKILL');
    expect(await second.ended).toBe('SIGKILL');
    await until(
      () => answering(again),
      (urls) => urls.length === 0,
      'the servers to end',
    );
  });

  it('runs over a table of street imagery whose rows name images that are there', async () => {
    const dev = start();
    const { google } = await ready(dev);
    const [rows] = await bigQueryClient(google.bigquery_url).query(
      "SELECT gcs_uri FROM `sightline-sample`.street.cropped_observations_latest WHERE gcs_uri LIKE 'gs://%' ORDER BY asset_id LIMIT 1",
    );
    const [bucket = '', ...name] = String(rows[0].gcs_uri).slice('gs://'.length).split('/');
    const object = `${google.storage_url}/storage/v1/b/${bucket}/o/${encodeURIComponent(name.join('/'))}`;
    expect((await fetch(object)).status).toBe(200);
    const table = 'bq://sightline-sample.street.cropped_observations_latest';
    const asked = ['--analyzer', 'gemini', '--prompt', 'utility-pole', '--limit', '60', '--wait'];
    // 3: an image is missing, on purpose.
    const run = await inShell('runs', 'start', table, ...asked);
    expect([0, 3], run.out + run.err).toContain(run.code);
    expect(run.out).toMatch(/assets +60 = \d+ succeeded/);
    expect(await readFile(envFile, 'utf8')).not.toContain('mine');
    dev.kill('SIGTERM');
    expect(await dev.ended).toBe(0);
  });

  it('names the set-up when the servers are not installed, and starts nothing', async () => {
    const dev = start({ XDG_CACHE_HOME: join(dir, 'empty') });
    expect(await dev.ended).toBe(2);
    expect(dev.err()).toContain('npm run setup -- --google-servers');
    expect(existsSync(envFile)).toBe(false);
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { storeText } from '../../contracts/store-text.ts';
import { startRig } from '../support/rig.ts';
import { spawnCli } from '../support/spawned-cli.ts';
import { once } from './bigquery-rig.ts';
import { startLoadingRig, type LoadingRig } from './loading-rig.ts';

const ASSETS = 120;

let google: LoadingRig;
beforeAll(async () => {
  google = await startLoadingRig();
});
afterAll(() => google[Symbol.asyncDispose]());

/** Starts a run whose rows are loaded, and resolves when some of them are committed. */
async function startRun(runId: string) {
  const { rig } = google;
  const handle = await rig.startRun(runId, {
    source: await rig.makeCsv(ASSETS),
    analyzer: { kind: 'noop', settings: { callLog: join(rig.dir, runId), delayMs: 200 } },
    limits: { shardSize: 20, shardsInFlight: 2, insertBatch: 10, assetsInFlight: 10 },
    store: google.loads,
  });
  const some = () => rig.progress(runId);
  await rig.until(some, ({ shards }) => shards.done >= 2, 'rows to be committed');
  return handle;
}

async function run(...argv: readonly string[]) {
  // Where all of Google stands in, no credentials are needed.
  const endpoints = ['SERVICE_USAGE', 'RESOURCE_MANAGER'].map((name) => [
    `SIGHTLINE_${name}_ENDPOINT`,
    'http://127.0.0.1:1',
  ]);
  const env = { ...google.places, ...Object.fromEntries(endpoints) };
  const command = spawnCli(argv, { cwd: google.rig.dir, env });
  expect(await command.ended, command.err()).toBe(0);
  return command;
}

async function tearDown(...more: readonly string[]) {
  const { out, err } = await run('gcloud', 'teardown', '--store', storeText(google.loads), '--json', ...more);
  const said = JSON.parse(out()) as Record<string, readonly string[]>;
  // The last part of an address is the name of the table or of the object.
  const calls = said['calls']?.map((call) => decodeURIComponent(call.split('/').at(-1) ?? ''));
  return { ...said, names: (calls ?? said['removed'] ?? []).map((name) => name.replace(/^gs:\/\/[^/]+\//, '')), err };
}

it('a tear-down beside runs removes what ended runs have left, as its dry run says, and nothing that others need', async () => {
  const { rig, places, bucket, dataset } = google;
  const [first, second] = [await rig.spawnWorker(places), await rig.spawnWorker(places)];
  const alive = await startRun('alive');
  await alive.signal('pause');
  await (await startRun('cancelled')).cancel();
  await rig.until(
    () => rig.progress('cancelled'),
    ({ state }) => state === 'cancelled',
    'the cancellation',
  );
  await (await startRun('terminated')).terminate();
  const shards =
    "WorkflowType = 'analyzeShard' AND ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH 'terminated/'";
  const open = () => Array.fromAsync(rig.client.workflow.list({ query: shards }));
  await rig.until(open, ({ length }) => length === 0, 'the shards to end');

  const elsewhere = await startRig();
  try {
    const blind = await tearDown('--dry-run', ...elsewhere.places);
    expect(blind).toMatchObject({ under_way: [], unended: ['alive', 'terminated'] });
    expect(blind.names.filter((name) => /alive|terminated/.test(name))).toEqual([]);
    expect(blind.err()).toMatch(/which this server does not know: alive, terminated\. .* or be lost: .* --all\.\n/);
  } finally {
    await elsewhere.close();
  }

  const dry = await tearDown('--dry-run', ...rig.places);
  const torn = await tearDown(...rig.places);
  expect(torn.names.toSorted()).toEqual(dry.names.toSorted());
  expect(dry).toMatchObject({ under_way: ['alive'] });
  expect(torn.names.filter((name) => name.includes('alive'))).toEqual([]);
  expect(torn.names.filter((name) => /^sightline_manifest_(cancelled|terminated)_/.test(name))).toHaveLength(2);
  expect(torn.names.filter((name) => name.includes('/cancelled-'))).not.toEqual([]);
  const folder = new RegExp(`^gs://${bucket}/sightline/.*${dataset.spec.dataset}/terminated-\\w+$`);
  expect(torn).toMatchObject({ unloaded: [expect.stringMatching(folder)] });
  expect(torn.err()).toMatch(/Left alone: what runs under way need: alive\..*\n.*Their rows are paid for/);

  await alive.signal('resume');
  expect(((await alive.result()) as RunSummary).counts.succeeded).toBe(ASSETS);
  expect(await google.countRows('alive')).toEqual(once(ASSETS));
  const { counts } = await rig.progress('cancelled');
  expect(await google.countRows('cancelled')).toEqual(once(counts.succeeded));

  const show = await run('runs', 'show', 'terminated', ...rig.places);
  expect(show.out()).toMatch(/no row was loaded\. Those that were committed are in gs:\/\/.*\/terminated-\*\/parts/);
  expect(show.err()).not.toContain('results list');

  const all = await tearDown('--all', ...rig.places);
  expect(all.names.filter((name) => /\/terminated-.*\/parts\//.test(name))).not.toEqual([]);
  expect(await tearDown('--dry-run', ...rig.places)).toMatchObject({ calls: [], under_way: [], unloaded: [] });
  await Promise.all([first.stop(), second.stop()]);
  await rig.replayAll();
}, 120_000);

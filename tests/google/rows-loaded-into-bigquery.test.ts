/** @module-tag our-idea-of-bigquery */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApplicationFailure } from '@temporalio/common';
import { parseSettings } from '../../config/parse-settings.ts';
import type { RunSummary, StoreSpec } from '../../contracts/run.ts';
import { jobIdOf, type RestCall } from '../../fake-google/fault-proxy/rest-faults.ts';
import { bigQueryClient, storageClient } from '../support/google-clients.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';
import { spawnCli } from '../support/spawned-cli.ts';
import { once } from './bigquery-rig.ts';
import { forbidStreams, startLoadingRig, type LoadingRig } from './loading-rig.ts';
import { stirUp } from './stir-up.ts';

const random = seededRandom(chooseSeed('runs that load their rows'));

let google: LoadingRig;
beforeAll(async () => {
  google = await startLoadingRig();
});
afterAll(() => google[Symbol.asyncDispose]());
beforeEach(() => forbidStreams(google));
afterEach(() => {
  google.proxy.calm();
  google.objects.calm();
});

const isObject = (folder: string) => (call: RestCall) =>
  call.method === 'POST' && `${call.path} ${call.body.slice(0, 1_000)}`.replaceAll('%2F', '/').includes(`/${folder}/`);
const isJob = (words: string) => (call: RestCall) =>
  call.method === 'POST' && /\/jobs(?:\?|$)/.test(call.path) && call.body.includes(words);

async function failing(): Promise<never> {
  throw await Promise.resolve(ApplicationFailure.nonRetryable('made up', 'AccountingMismatch'));
}

/** Resolves when a call of this kind has been passed on; its answer comes late, so that it is under way for a while. */
function underWay(kind: 'objects' | 'jobs', when: (call: RestCall) => boolean): Promise<void> {
  const seen = Promise.withResolvers<void>();
  const { rules } = kind === 'objects' ? google.objects.rest : google.proxy.rest;
  const isFirst = (call: RestCall): boolean => {
    if (!when(call)) return false;
    seen.resolve();
    return true;
  };
  rules.add({ fault: { kind: 'slow', delayMs: 2_000 }, when: isFirst, times: 1 });
  return seen.promise;
}

/** False too while there is no such job, and no server. */
async function isDone(jobId: string): Promise<boolean> {
  const job = bigQueryClient(google.proxy.rest.url).job(jobId);
  const [metadata] = await job.getMetadata().catch(() => [undefined]);
  return (metadata as { readonly status?: { readonly state?: string } } | undefined)?.status?.state === 'DONE';
}

describe('a run whose rows are loaded', () => {
  it('has every row once after its workers were killed at each step on the way', async () => {
    const { rig } = google;
    let worker = await rig.spawnWorker(google.places);
    const steps = [
      () => underWay('objects', isObject('staged')),
      () => underWay('objects', isObject('parts')),
      () => underWay('objects', isObject('commits')),
      () => underWay('objects', isObject('steps')),
      () => underWay('jobs', isJob('"load"')),
      () => underWay('jobs', isJob('MERGE')),
    ];
    let next = steps[0]?.();
    const handle = await rig.startRun('killed-loading', {
      source: await rig.makeCsv(400),
      analyzer: { kind: 'noop' },
      limits: { shardSize: 50, shardsInFlight: 2, insertBatch: 20 },
      store: google.loads,
    });
    for (let step = 0; step < steps.length; step += 1) {
      await next;
      // Before the answer, or after it and before anybody was told.
      if (random() < 0.5) await delay(1_900 + random() * 200);
      next = steps[step + 1]?.();
      await worker.kill();
      worker = await rig.spawnWorker(google.places);
    }
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(400);
    expect(await google.countRows('killed-loading')).toEqual(once(400));
    await worker.stop();
    expect(await rig.replayAll()).toBeGreaterThan(8);
  }, 240_000);

  it('has every row once although answers about objects and jobs are lost, and it is refused', async () => {
    stirUp(google.proxy, random);
    stirUp(google.objects, random);
    const worker = await google.rig.spawnWorker(google.places);
    const handle = await google.rig.startRun('unheard-loading', {
      source: await google.rig.makeCsv(400, 'unheard.csv'),
      analyzer: { kind: 'noop' },
      limits: { shardSize: 50, shardsInFlight: 4, insertBatch: 20 },
      store: google.loads,
    });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(400);
    expect(await google.countRows('unheard-loading')).toEqual(once(400));
    await worker.stop();
    expect(await google.rig.replayAll()).toBe(9);
  }, 240_000);

  it.each([
    ['a load', /_load_1_a\d$/],
    ['the merge', /_merge_2_a\d$/],
  ])(
    'has every row once after BigQuery was killed when it was asked for %s, and with the worker when it had done it and told nobody',
    async (title, ids) => {
      const { rig, proxy } = google;
      const runId = `killed-at-${title.replaceAll(' ', '-')}`;
      const asked = Promise.withResolvers<string>();
      const isAsked = (call: RestCall): boolean => {
        const jobId = jobIdOf(call) ?? '';
        if (!ids.test(jobId)) return false;
        asked.resolve(jobId);
        return true;
      };
      proxy.rest.rules.add({ fault: { kind: 'lose-answer' }, when: isAsked });
      const asks = await rig.spawnWorker(google.places);
      const handle = await rig.startRun(runId, {
        source: await rig.makeCsv(400, `${runId}.csv`),
        analyzer: { kind: 'noop' },
        limits: { shardSize: 50, shardsInFlight: 4, insertBatch: 20 },
        store: google.loads,
      });
      const jobId = await asked.promise;
      // Not in between: there the stand-in has the rows of a load, but no job. BigQuery has both or neither.
      await google.crashBigQuery();
      await rig.until(() => isDone(jobId), Boolean, `the job ${jobId} to be done`);
      await asks.kill();
      await google.crashBigQuery();
      proxy.calm();
      const worker = await rig.spawnWorker(google.places);
      const summary = (await handle.result()) as RunSummary;
      expect(summary.counts.succeeded).toBe(400);
      expect(await google.countRows(runId)).toEqual(once(400));
      await worker.stop();
      expect(await rig.replayAll()).toBe(9);
    },
    240_000,
  );

  it('is what a run becomes that may not stream and names a bucket, and says so, whatever a repeat finds', async () => {
    const { rig, dataset, bucket, proxy } = google;
    const isRecord = ({ body }: RestCall): boolean =>
      /sightline_runs.* VALUES /s.test(body) && body.includes('no-streams');
    // Longer than the test takes: the worker is killed before it hears that the record is there.
    proxy.rest.rules.add({ fault: { kind: 'slow', delayMs: 60_000 }, when: isRecord, times: 1 });
    const prepares = await rig.spawnWorker(google.places);
    const source = await rig.makeCsv(5, 'five.csv');
    const store = { ...dataset.spec, bucket };
    const handle = await rig.startRun('no-streams', { source, analyzer: { kind: 'noop' }, store });
    const records = "SELECT COUNT(*) AS found FROM {}.sightline_runs WHERE run_id = 'no-streams' AND kind = 'record'";
    await rig.until(
      () => dataset.query(records).catch(() => []),
      (rows) => JSON.stringify(rows).includes('1'),
      'the record of the run',
    );
    await prepares.kill();
    proxy.calm();
    const worker = await rig.spawnWorker(google.places);
    await handle.result();
    expect(await google.countRows('no-streams')).toEqual(once(5));
    const show = spawnCli(['runs', 'show', 'no-streams', '--json', ...rig.places], {
      cwd: rig.dir,
      env: google.places,
    });
    expect(await show.ended).toBe(0);
    expect(JSON.parse(show.out())).toMatchObject({
      request: { store: google.loads },
      notes: expect.arrayContaining([
        expect.stringMatching(
          /loaded into BigQuery through gs:\/\/.*because Storage Write is not permitted.*updateData/,
        ),
      ]),
    });
    await worker.stop();
    await rig.replayAll();
  });

  it.each<[string, (spec: LoadingRig) => StoreSpec]>([
    ['no bucket is named', ({ dataset }) => dataset.spec],
    ['streams were asked for', ({ dataset, bucket }) => ({ ...dataset.spec, mode: 'stream', bucket })],
  ])('is not taken where rows may not be streamed and %s: the run ends with the fix', async (title, storeOf) => {
    const worker = await google.rig.spawnWorker(google.places);
    const handle = await google.rig.startRun(title.replaceAll(' ', '-'), {
      source: await google.rig.makeCsv(3, 'three.csv'),
      analyzer: { kind: 'noop' },
      store: storeOf(google),
    });
    await expect(handle.result()).rejects.toMatchObject({
      cause: { type: 'InvalidRequest', message: expect.stringMatching(/not permitted here.*mode=load&bucket=/) },
    });
    await worker.stop();
    await google.rig.replayAll();
  });

  it('shows what it has committed when it fails, and leaves nothing in the bucket but its logs', async () => {
    const { rig, places, bucket } = google;
    const worker = await rig.startWorker({
      settings: parseSettings({ ...places, SIGHTLINE_DATA_DIR: rig.settings.dataDir }, rig.dir),
      obstruct: (activities) => ({ ...activities, run: { ...activities.run, verifyRun: failing } }),
    });
    const handle = await rig.startRun('failed-loading', {
      source: await rig.makeCsv(20, 'twenty.csv'),
      analyzer: { kind: 'noop' },
      store: google.loads,
    });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'AccountingMismatch' } });
    expect(await google.countRows('failed-loading')).toEqual(once(20));
    const [files] = await storageClient(google.objects.rest.url).bucket(bucket).getFiles();
    const left = files.map(({ name }) => name).filter((name) => name.includes('/failed-loading-'));
    expect(left.filter((name) => !/\/(commits|steps)\//.test(name))).toEqual([]);
    expect(left.length).toBeGreaterThan(0);
    await worker.stop();
    await rig.replayAll();
  });

  it('ends at once, and says what to do, where there is no such bucket', async () => {
    const worker = await google.rig.spawnWorker(google.places);
    const handle = await google.rig.startRun('no-bucket', {
      source: await google.rig.makeCsv(3, 'three.csv'),
      analyzer: { kind: 'noop' },
      store: { ...google.loads, bucket: 'nowhere' },
    });
    await expect(handle.result()).rejects.toMatchObject({
      cause: { type: 'InvalidRequest', message: expect.stringMatching(/there is no bucket nowhere/) },
    });
    await worker.stop();
    await google.rig.replayAll();
  });
});

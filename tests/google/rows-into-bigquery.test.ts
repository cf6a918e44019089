import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { askRun } from '../../client/ask-run.ts';
import type { RunSummary } from '../../contracts/run.ts';
import { bigQueryClient } from '../support/google-clients.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';
import { spawnCli } from '../support/spawned-cli.ts';
import { once, startBigQueryRig, type BigQueryRig } from './bigquery-rig.ts';
import { answerLost, stirUp } from './stir-up.ts';

const random = seededRandom(chooseSeed('runs into BigQuery'));

let google: BigQueryRig;
beforeAll(async () => {
  google = await startBigQueryRig();
});
afterAll(() => google[Symbol.asyncDispose]());

describe('a run whose results go to BigQuery', () => {
  it('gives each asset one typed row, which Google’s own Python client reads', async () => {
    const worker = await google.rig.spawnWorker(google.places);
    const source = join(google.rig.dir, 'odd.csv');
    const rows = ['ä€😀,a.jpg,48.5,11.25,2026-05-04T10:20:30Z,"a ""b"""', 'plain,b.jpg,,,,', 'none,,,,,x'];
    await writeFile(source, ['id,image,lat,lng,captured_at,note', ...rows, ''].join('\n'));
    const handle = await google.rig.startRun('typed', {
      source,
      analyzer: { kind: 'noop' },
      store: google.dataset.spec,
    });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ total: 3, succeeded: 2, skipped: 1 });

    const stored = await google.dataset.query(
      `SELECT asset_id, outcome, location, detection_time, sharpness, blurred, issues, failure, cost_usd, analyzed_at FROM {}.sightline_photo_quality WHERE run_id = 'typed' ORDER BY row_number`,
    );
    expect(stored).toEqual([
      {
        asset_id: 'ä€😀',
        outcome: 'succeeded',
        location: { latitude: 48.5, longitude: 11.25 },
        detection_time: '2026-05-04T10:20:30+00:00',
        sharpness: expect.any(Number),
        blurred: expect.any(Boolean),
        issues: expect.any(Array),
        failure: null,
        cost_usd: 0,
        analyzed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
      expect.objectContaining({ asset_id: 'plain', location: null, detection_time: null }),
      expect.objectContaining({ asset_id: 'none', outcome: 'skipped', sharpness: null, failure: 'NoImages' }),
    ]);
    expect(await google.dataset.query('SELECT DISTINCT run_id FROM {}.sightline_runs')).toEqual([{ run_id: 'typed' }]);
    await worker.stop();
    expect(await google.rig.replayAll()).toBe(2);
  });

  it(
    'has every row once after its workers were killed with SIGKILL, and pays for no more calls than were in flight',
    { tags: ['our-idea-of-bigquery'], timeout: 240_000 },
    async () => {
      const callLog = join(google.rig.dir, 'calls');
      let worker = await google.rig.spawnWorker(google.places);
      const handle = await google.rig.startRun('killed', {
        source: await google.rig.makeCsv(600),
        analyzer: { kind: 'noop', settings: { callLog, delayMs: 20 } },
        limits: { shardSize: 50, shardsInFlight: 4, insertBatch: 20, assetsInFlight: 10 },
        store: google.dataset.spec,
      });
      for (let kill = 1; kill <= 4; kill += 1) {
        const after = Math.floor(((kill - 1 + random()) / 4) * 560);
        await google.rig.until(
          () => google.rig.calls(callLog),
          (calls) => new Set(calls.map(({ assetId }) => assetId)).size >= after,
          `${after} assets to be called`,
        );
        await worker.kill();
        worker = await google.rig.spawnWorker(google.places);
      }
      const summary = (await handle.result()) as RunSummary;
      expect(summary.counts.succeeded).toBe(600);
      expect(await google.countRows('killed')).toEqual(once(600));
      expect((await google.rig.calls(callLog)).length - 600).toBeLessThanOrEqual(4 * 4 * 10);
      await worker.stop();
      expect(await google.rig.replayAll()).toBeGreaterThan(10);
    },
  );

  it(
    'has every row once although answers of appends, commits and jobs are lost, connections are cut, and it is refused',
    { tags: ['our-idea-of-bigquery'], timeout: 240_000 },
    async () => {
      onTestFinished(stirUp(google.proxy, random));
      const worker = await google.rig.spawnWorker(google.places);
      const handle = await google.rig.startRun('unheard', {
        source: await google.rig.makeCsv(400, 'unheard.csv'),
        analyzer: { kind: 'noop' },
        limits: { shardSize: 50, shardsInFlight: 4, insertBatch: 20 },
        store: google.dataset.spec,
      });
      const summary = (await handle.result()) as RunSummary;
      expect(summary.counts.succeeded).toBe(400);
      expect(await google.countRows('unheard')).toEqual(once(400));
      await worker.stop();
      expect(await google.rig.replayAll()).toBe(9);
    },
  );

  it.each(['AppendRows', 'FinalizeWriteStream', 'BatchCommitWriteStreams'])(
    'has every row once, and pays for each once, after BigQuery was killed at %s and has forgotten what was staged',
    { tags: ['our-idea-of-bigquery'], timeout: 240_000 },
    async (method) => {
      const { rig, proxy } = google;
      const runId = `forgotten-${method.toLowerCase()}`;
      const callLog = join(rig.dir, runId);
      onTestFinished(proxy.calm);
      const third = answerLost(proxy, method, 3);
      const worker = await rig.spawnWorker(google.places);
      const handle = await rig.startRun(runId, {
        source: await rig.makeCsv(400, `${runId}.csv`),
        analyzer: { kind: 'noop', settings: { callLog } },
        limits: { shardSize: 50, shardsInFlight: 4, insertBatch: 20 },
        store: google.dataset.spec,
      });
      await third;
      await google.crashBigQuery();
      const summary = (await handle.result()) as RunSummary;
      expect(summary.counts.succeeded).toBe(400);
      expect(await google.countRows(runId)).toEqual(once(400));
      expect(await rig.calls(callLog)).toHaveLength(400);
      expect(worker.log.filter(({ msg }) => /lost staged rows/.test(String(msg)))).not.toEqual([]);
      await worker.stop();
      expect(await rig.replayAll()).toBe(9);
    },
  );

  it('waits, and says for which table, when somebody drops it: brought back, it has every row once, and each was paid for once', async () => {
    const { rig, dataset, proxy } = google;
    const callLog = join(rig.dir, 'calls-dropped');
    const worker = await rig.spawnWorker(google.places);
    const handle = await rig.startRun('dropped', {
      source: await rig.makeCsv(200, 'dropped.csv'),
      analyzer: { kind: 'noop', settings: { callLog, delayMs: 50 } },
      limits: { insertBatch: 20, assetsInFlight: 10 },
      store: dataset.spec,
    });
    await rig.until(
      () => rig.calls(callLog),
      (calls) => calls.length >= 60,
      'rows to be staged',
    );
    const table = bigQueryClient(proxy.rest.url).dataset(dataset.spec.dataset).table('sightline_photo_quality');
    const [metadata] = await table.getMetadata();
    const { schema } = metadata as { readonly schema: object };
    await table.delete();
    await rig.until(
      async () => askRun(rig.client, await handle.describe()),
      (progress) =>
        /StoreUnavailable.*sightline_photo_quality` is not there\. Bring it back/.test(progress?.notes.join(' ') ?? ''),
      'the run to say which table it waits for',
    );
    await table.create({ schema });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts.succeeded).toBe(200);
    expect(await google.countRows('dropped')).toEqual(once(200));
    expect(await rig.calls(callLog)).toHaveLength(200);
    await worker.stop();
    await rig.replayAll();
  });

  it('is found by who is not told of the dataset, as long as Temporal knows it', async () => {
    const { rig, dataset } = google;
    const worker = await rig.spawnWorker(google.places);
    const source = await rig.makeCsv(5, 'five.csv');
    const handle = await rig.startRun('elsewhere', { source, analyzer: { kind: 'noop' }, store: dataset.spec });
    await handle.result();
    const show = spawnCli(['runs', 'show', 'elsewhere', '--json', ...rig.places], { cwd: rig.dir, env: google.places });
    expect(await show.ended).toBe(0);
    expect(JSON.parse(show.out())).toMatchObject({ request: { store: dataset.spec } });
    const again = await rig.startRun('elsewhere', { source, analyzer: { kind: 'noop' }, store: dataset.spec });
    await expect(again.result()).rejects.toMatchObject({ cause: { type: 'RunExists' } });
    const after = spawnCli(['runs', 'show', 'elsewhere', ...rig.places], { cwd: rig.dir, env: google.places });
    expect(await after.ended).toBe(0);
    const list = spawnCli(['results', 'list', 'elsewhere', '--json', ...rig.places], {
      cwd: rig.dir,
      env: google.places,
    });
    expect(await list.ended).toBe(0);
    expect(list.out()).toContain('asset-4');
    expect(after.out()).toMatch(/^elsewhere +completed\n[^]*A later start with the same id was refused/);
    await worker.stop();
    await rig.replayAll();
  });

  it('ends at once, and says what to do, where there is no such dataset', async () => {
    const worker = await google.rig.spawnWorker(google.places);
    const handle = await google.rig.startRun('no-dataset', {
      source: await google.rig.makeCsv(3, 'three.csv'),
      analyzer: { kind: 'noop' },
      store: 'bq://sightline-test.nowhere',
    });
    await expect(handle.result()).rejects.toMatchObject({
      cause: {
        type: 'InvalidRequest',
        message: expect.stringMatching(
          /nowhere does not exist\. Make it where the data is .*, for good: .*gcloud setup/,
        ),
      },
    });
    await worker.stop();
    await google.rig.replayAll();
  });
});

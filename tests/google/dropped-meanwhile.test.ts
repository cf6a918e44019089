/** @module-tag our-idea-of-bigquery */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WorkflowHandle } from '@temporalio/client';
import { askRun } from '../../client/ask-run.ts';
import type { Counts, RunSummary } from '../../contracts/run.ts';
import { bigQueryClient } from '../support/google-clients.ts';
import type { WorkerProcess } from '../support/worker-process.ts';
import { once } from './bigquery-rig.ts';
import { startLoadingRig, type LoadingRig } from './loading-rig.ts';

const [ASSETS, IN_FLIGHT] = [120, 20];

let google: LoadingRig;
let worker: WorkerProcess;
beforeAll(async () => {
  google = await startLoadingRig();
  worker = await google.rig.spawnWorker(google.places);
});
afterAll(() => google[Symbol.asyncDispose]());
afterEach(() => google.proxy.calm());

const dataset = () => bigQueryClient(google.proxy.rest.url).dataset(google.dataset.spec.dataset);

/** Starts a run and resolves when some of its calls have been paid for. */
async function startRun(runId: string, mode: string, some = 45) {
  const { rig } = google;
  const callLog = join(rig.dir, runId);
  const handle = await rig.startRun(runId, {
    source: await rig.makeCsv(ASSETS),
    analyzer: { kind: 'noop', settings: { callLog, delayMs: 200 } },
    limits: { shardSize: 30, shardsInFlight: 2, insertBatch: 20, assetsInFlight: IN_FLIGHT / 2 },
    store: mode === 'load' ? google.loads : google.dataset.spec,
  });
  const calls = () => rig.calls(callLog);
  await rig.until(calls, ({ length }) => length >= some, 'calls');
  return { handle, calls };
}

/** Resolves when the run says what it waits for. */
async function says(handle: WorkflowHandle, words: RegExp): Promise<void> {
  await google.rig.until(
    async () => (await askRun(google.rig.client, await handle.describe()))?.notes.join(' ') ?? '',
    (notes) => words.test(notes),
    `the run to say ${words}`,
  );
}

async function isPaused(runId: string): Promise<void> {
  const { rig } = google;
  await rig.until(
    () => rig.progress(runId),
    ({ state }) => state === 'paused',
    'the pause',
  );
}

async function dropTable(): Promise<{ bringBack(): Promise<void> }> {
  const table = dataset().table('sightline_photo_quality');
  const [{ schema }] = (await table.getMetadata()) as [{ readonly schema: object }, unknown];
  await table.delete();
  return {
    async bringBack() {
      await table.create({ schema });
    },
  };
}

/** BigQuery takes a dataset that was dropped back with all that it held; the stand-in forgets, so that it is only hidden. */
function hideDataset(): { bringBack(): void } {
  const { dataset: name, project } = google.dataset.spec;
  const message = `Not found: Dataset ${project}:${name}`;
  google.proxy.rest.rules.add({
    fault: { kind: 'refuse', status: 404, reason: 'notFound', message },
    when: ({ path, body }) => `${path} ${body}`.includes(name),
  });
  google.proxy.grpc.refusals.add({ fault: { code: 5, message } });
  return { bringBack: google.proxy.calm };
}

async function dropManifest(runId: string): Promise<{ bringBack(): Promise<void> }> {
  const [tables] = await dataset().getTables();
  const name = tables.find(({ id }) => id?.startsWith(`sightline_manifest_${runId.replaceAll('-', '_')}_`))?.id ?? '';
  const copy = (from: string, to: string) => google.dataset.query(`CREATE TABLE {}.${to} AS SELECT * FROM {}.${from}`);
  await copy(name, 'kept_aside');
  await dataset().table(name).delete();
  return {
    async bringBack() {
      await copy('kept_aside', name);
      await dataset().table('kept_aside').delete();
    },
  };
}

/** The table has a row for each outcome that is counted, and nothing was asked twice. */
async function expectRows(runId: string, { total, succeeded, cancelled }: Counts, calls: number): Promise<void> {
  expect(succeeded + cancelled).toBe(total);
  expect(await google.countRows(runId)).toEqual(once(succeeded));
  expect(calls).toBe(succeeded);
}

const GONE = {
  stream: /StoreUnavailable.*sightline_photo_quality` is not there\. Bring it back and the run goes on/,
  load: /StoreUnavailable.*sightline_photo_quality was not found.*Bring it back where it was dropped/,
};

describe.each(['stream', 'load'] as const)('where rows come by %s', (mode) => {
  it('a run that is cancelled after its table of results was dropped waits for it, says so, and ends with its rows', async () => {
    const { rig } = google;
    const runId = `cancelled-${mode}`;
    const { handle, calls } = await startRun(runId, mode);
    const table = await dropTable();
    await handle.cancel();
    await says(handle, GONE[mode]);
    await table.bringBack();
    await expect(handle.result()).rejects.toThrow('cancelled');
    const { state, counts } = await rig.progress(runId);
    expect(state).toBe('cancelled');
    await expectRows(runId, counts, (await calls()).length);
    await rig.replayAll();
  });

  it('a run that is paused, and whose table of results is dropped, goes on when it is there again', async () => {
    const { rig } = google;
    const runId = `paused-${mode}`;
    const { handle, calls } = await startRun(runId, mode);
    const table = await dropTable();
    await handle.signal('pause');
    // Rows that are loaded need the table only at the end.
    if (mode === 'stream') await says(handle, GONE.stream);
    else await isPaused(runId);
    await table.bringBack();
    await handle.signal('resume');
    const { counts } = (await handle.result()) as RunSummary;
    await expectRows(runId, counts, (await calls()).length);
    await rig.replayAll();
  });

  it('a run whose dataset is not there waits for it, also with a worker that has never seen it', async () => {
    const { rig } = google;
    const runId = `hidden-${mode}`;
    const { handle, calls } = await startRun(runId, mode);
    const hidden = hideDataset();
    await worker.kill();
    worker = await rig.spawnWorker(google.places);
    await says(handle, /StoreUnavailable.*bring it back and the run goes on.*dataset .* does not exist/);
    hidden.bringBack();
    const { counts } = (await handle.result()) as RunSummary;
    expect(counts.succeeded).toBe(ASSETS);
    expect(await google.countRows(runId)).toEqual(once(ASSETS));
    expect((await calls()).length - ASSETS).toBeLessThanOrEqual(IN_FLIGHT);
    await rig.replayAll();
  });

  it('a run whose manifest is dropped while it is paused waits for it, and pays for nothing twice', async () => {
    const { rig } = google;
    const runId = `unlisted-${mode}`;
    const { handle, calls } = await startRun(runId, mode, 5);
    await handle.signal('pause');
    await isPaused(runId);
    const manifest = await dropManifest(runId);
    await handle.signal('resume');
    await says(handle, /StoreUnavailable.*sightline_manifest_\S+` is not there\. Bring it back and the run goes on/);
    await manifest.bringBack();
    const { counts } = (await handle.result()) as RunSummary;
    expect(counts.succeeded).toBe(ASSETS);
    await expectRows(runId, counts, (await calls()).length);
    await rig.replayAll();
  });
});

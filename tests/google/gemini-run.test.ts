import { hash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import type { Fault } from '../../fake-google/gemini/faults.ts';
import { startGemini, type GeminiServer } from '../../fake-google/gemini/start-gemini.ts';
import { startStorage } from '../../fake-google/start-storage.ts';
import { encode, noise } from '../images/sample-images.ts';
import { useRig } from '../support/use-rig.ts';
import type { Rig } from '../support/rig.ts';
import { storageClient } from '../support/google-clients.ts';
import { makeCertificate } from '../support/make-certificate.ts';
import { startTokenServer } from '../support/token-server.ts';

let rig: Rig;
useRig((started) => (rig = started), {}, 'none');

let server: GeminiServer;
beforeAll(async () => {
  server = await startGemini();
});
afterAll(() => server.close());

const settingsFor = ({ url }: GeminiServer, geminiApiKey: string) => ({ geminiApiKey, geminiBaseUrl: url });

interface Photos {
  readonly source: string;
  /** What the server knows an asset by: the digest of its picture. */
  readonly digests: Readonly<Record<string, string>>;
}

/** A folder with a sub-folder per asset, and one picture in each; no two are alike. */
async function makePhotos(name: string, assetIds: readonly string[]): Promise<Photos> {
  const source = join(rig.dir, name);
  const digests: [string, string][] = [];
  for (const [index, assetId] of assetIds.entries()) {
    const picture = await encode(noise(40 + index, 30), 'jpeg');
    await mkdir(join(source, assetId), { recursive: true });
    await writeFile(join(source, assetId, '1.jpg'), picture);
    digests.push([assetId, hash('sha256', picture, 'hex')]);
  }
  return { source, digests: Object.fromEntries(digests) };
}

function spoil(gemini: GeminiServer, digest: string | undefined, fault: Fault, times?: number): void {
  gemini.faults.add({ fault, when: ({ asset }) => asset === digest, ...(times !== undefined && { times }) });
}

describe('a run over photos, answered by Gemini', () => {
  it('gives each asset one row: answered, blocked, asked again, or given up by name', async () => {
    const worker = await rig.startWorker({ settings: settingsFor(server, 'sesame') });
    const odd = ['blocked', 'cut-once', 'limited-once', 'broken', 'overloaded-once', 'refused'];
    const { source, digests } = await makePhotos('photos', [...odd, 'good-1', 'good-2', 'good-3', 'good-4']);
    spoil(server, digests['blocked'], { kind: 'blocked-answer' });
    spoil(server, digests['cut-once'], { kind: 'truncated' }, 1);
    spoil(server, digests['limited-once'], { kind: 'exhausted', waitMs: 300 }, 1);
    spoil(server, digests['broken'], { kind: 'broken-json' });
    spoil(server, digests['overloaded-once'], { kind: 'refused', status: 503 }, 1);
    spoil(server, digests['refused'], { kind: 'refused', status: 400 });
    spoil(server, digests['good-2'], { kind: 'model-version', modelVersion: 'gemini-3.5-flash-002' });
    const handle = await rig.startRun('by-gemini', {
      source,
      prompt: 'description',
      analyzer: { kind: 'gemini', settings: { mediaResolution: 'low', seed: 5 } },
    });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ succeeded: 7, blocked: 1, failed: 2 });
    const flag = expect.stringMatching(/More than one version .*: gemini-3\.5-flash-001, gemini-3\.5-flash-002\./);
    expect((await rig.progress('by-gemini')).notes).toContainEqual(flag);
    expect((await rig.stores.records.read('by-gemini'))?.notes).toContainEqual(flag);

    const rows = await rig.rows(summary);
    const ends: Readonly<Record<string, readonly unknown[]>> = Object.fromEntries(
      rows.map((row) => [row['asset_id'], [row['failure'] ?? row['outcome'], row['attempts']]]),
    );
    expect(ends).toEqual({
      blocked: ['AnswerBlocked', 1],
      'cut-once': ['succeeded', 2],
      'limited-once': ['succeeded', 2],
      broken: ['AnswerInvalid', 2],
      'overloaded-once': ['succeeded', 2],
      refused: ['RequestRefused', 1],
      'good-1': ['succeeded', 1],
      'good-2': ['succeeded', 1],
      'good-3': ['succeeded', 1],
      'good-4': ['succeeded', 1],
    });
    const { perAsset } = server.seen();
    for (const [assetId, [, attempts]] of Object.entries(ends)) expect(perAsset[digests[assetId]!]).toBe(attempts);
    expect(rows.find((row) => row['asset_id'] === 'good-1')).toMatchObject({
      description: expect.any(String),
      model: 'gemini-3.5-flash',
      model_version: 'gemini-3.5-flash-001',
      analyzer: 'gemini',
      settings: JSON.stringify({ maxOutputTokens: 8192, mediaResolution: 'low', seed: 5 }),
      cost_usd: null,
    });
    const tokens = Object.fromEntries(rows.map((row) => [row['asset_id'], Number(row['input_tokens'])]));
    const once = tokens['good-1'] ?? 0;
    // Answers that could not be used were paid for, calls that were refused were not.
    expect(tokens).toMatchObject({ broken: 2 * once, 'cut-once': 2 * once, 'limited-once': once, refused: 0 });
    // What a blocked answer cost is not nothing.
    const blocked = rows.find((row) => row['asset_id'] === 'blocked');
    expect(Number(blocked?.['input_tokens'])).toBeGreaterThan(0);
    expect(blocked).toMatchObject({ cost_usd: null, model_version: 'gemini-3.5-flash-001' });
    await worker.stop();
  });

  it('only names images at gs:// when Vertex AI is asked: none is read here', async () => {
    await using gemini = await startGemini();
    await using storage = await startStorage({ bucketsFolder: join(rig.dir, 'buckets') });
    const bucket = storageClient(storage.url).bucket('pictures');
    await bucket.create();
    const picture = await encode(noise(40, 30), 'jpeg');
    const names = ['a:1.jpg', 'b 2.png'];
    for (const name of names) await bucket.file(name).save(picture, { contentType: 'image/jpeg', resumable: false });
    const worker = await rig.startWorker({
      settings: { googleCloudProject: 'street-1', vertexBaseUrl: gemini.url, storageEndpoint: storage.url },
    });
    const source = join(rig.dir, 'buckets.csv');
    const uris = [...names, 'missing.jpg'].map((name) => `gs://pictures/${name}`);
    await writeFile(source, ['id,image', ...uris.map((uri, index) => `asset-${index},${uri}`), ''].join('\n'));
    const handle = await rig.startRun('by-name', { source, prompt: 'description', analyzer: { kind: 'gemini' } });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ total: 3, succeeded: 2, skipped: 1 });
    expect(gemini.seen().perAsset).toEqual(Object.fromEntries(uris.slice(0, 2).map((uri) => [uri, 1])));
    const digest = `md5:${hash('md5', picture, 'hex')}`;
    expect((await rig.rows(summary)).map((row) => [row['failure'], row['image_digests']])).toEqual([
      [null, [digest]],
      [null, [digest]],
      ['ImageMissing', null],
    ]);
    await worker.stop();
  });

  it('goes through the other client of Google as well, by sign-in and TLS', async () => {
    const ordinary = getCACertificates('default');
    const tls = makeCertificate();
    setDefaultCACertificates([...ordinary, tls.cert]);
    await using gemini = await startGemini({ tls });
    await using tokens = await startTokenServer();
    const worker = await rig.startWorker({
      settings: {
        googleCloudProject: 'street-1',
        vertexBaseUrl: gemini.url,
        googleCredentials: tokens.credentialsFile,
      },
    });
    const { source, digests } = await makePhotos('vertexai', ['good', 'cut-once', 'blocked']);
    spoil(gemini, digests['cut-once'], { kind: 'truncated' }, 1);
    spoil(gemini, digests['blocked'], { kind: 'blocked-prompt' });
    const handle = await rig.startRun('by-vertexai', { source, prompt: 'description', analyzer: { kind: 'vertexai' } });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ total: 3, succeeded: 2, blocked: 1 });
    expect((await rig.rows(summary)).map((row) => row['analyzer'])).toEqual(['vertexai', 'vertexai', 'vertexai']);
    expect(tokens.asked()).toBe(1);
    await worker.stop();
    setDefaultCACertificates(ordinary);
  });

  it('pauses when its key is revoked, and goes on with another: no row lost, none twice', async () => {
    await using gemini = await startGemini({ keys: ['old', 'new'], latency: { medianMs: 50 } });
    const worker = await rig.startWorker({ settings: { ...settingsFor(gemini, 'old'), laneSlots: 4 } });
    const assetIds = Array.from({ length: 40 }, (_, index) => `asset-${index}`);
    const { source } = await makePhotos('revoked', assetIds);
    const handle = await rig.startRun('key-revoked', { source, prompt: 'description', analyzer: { kind: 'gemini' } });
    await rig.until(
      async () => gemini.seen().calls,
      (calls) => calls >= 8,
      'some calls',
    );
    gemini.revoke('old');
    const paused = await rig.until(
      () => rig.progress('key-revoked'),
      ({ state }) => state === 'paused',
      'the run to be paused',
    );
    expect(paused.reasons).toEqual(['credentials']);
    const answered = gemini.seen().perStatus['200'] ?? 0;
    expect(answered).toBeLessThan(40);
    expect(gemini.seen().mostAtOnce).toBe(4);

    await worker.stop();
    const renewed = await rig.startWorker({ settings: settingsFor(gemini, 'new') });
    await handle.signal('resume');
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ total: 40, succeeded: 40 });
    expect(await rig.rows(summary)).toHaveLength(40);
    expect(gemini.seen().perStatus['200']).toBe(40);
    await renewed.stop();
  });

  it('pauses at once where the model is not, says which and where, and goes on when a worker asks elsewhere', async () => {
    await using gemini = await startGemini({ rules: [{ fault: { kind: 'refused', status: 404 } }] });
    const access = { googleCloudProject: 'street-1', vertexBaseUrl: gemini.url, laneSlots: 4 };
    const worker = await rig.startWorker({ settings: { ...access, googleCloudLocation: 'europe-west99' } });
    const { source } = await makePhotos('nowhere', ['a', 'b', 'c', 'd', 'e', 'f']);
    const request = { source, prompt: 'description', analyzer: { kind: 'gemini' }, limits: { assetsInFlight: 2 } };
    const handle = await rig.startRun('nowhere', request);
    const paused = await rig.until(
      () => rig.progress('nowhere'),
      ({ state }) => state === 'paused',
      'the run to be paused',
    );
    expect(paused.reasons).toEqual(['credentials']);
    expect(paused.notes).toContain(
      'Paused: The model gemini-3.5-flash is not there for project street-1 in europe-west99 (404: Refused with 404 by a rule of this server); let GOOGLE_CLOUD_LOCATION of the workers name a region that has it and resume, or cancel the run and start one with another --model',
    );
    expect(gemini.seen().calls).toBeLessThan(6);

    await worker.stop();
    gemini.faults.clear();
    const elsewhere = await rig.startWorker({ settings: { ...access, googleCloudLocation: 'global' } });
    await handle.signal('resume');
    expect(((await handle.result()) as RunSummary).counts).toMatchObject({ total: 6, succeeded: 6, failed: 0 });
    await elsewhere.stop();
  });

  it('cuts the calls under way when it is cancelled', async () => {
    await using gemini = await startGemini({ rules: [{ fault: { kind: 'hang' } }] });
    const worker = await rig.startWorker({ settings: settingsFor(gemini, 'sesame') });
    const { source } = await makePhotos('cancelled', ['a', 'b', 'c', 'd']);
    const handle = await rig.startRun('cancelled', { source, prompt: 'description', analyzer: { kind: 'gemini' } });
    await rig.until(
      async () => gemini.seen().underWay,
      (calls) => calls === 4,
      'the calls to be under way',
    );
    const cancelledAt = performance.now();
    await handle.cancel();
    await rig.until(
      async () => gemini.seen().underWay,
      (calls) => calls === 0,
      'the connections to be closed',
    );
    // A worker learns of it with its next heartbeat, every four seconds.
    expect(performance.now() - cancelledAt).toBeLessThan(8_000);
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    await worker.stop();
  });

  it('hands assets that wait for their turn back when it is told to stop: none is called any more, none is paid for twice', async () => {
    await using gemini = await startGemini({ latency: { medianMs: 1_500 } });
    const settings = { ...settingsFor(gemini, 'sesame'), laneSlots: 10 };
    // Shorter than two calls that follow each other.
    const first = await rig.startWorker({ settings: { ...settings, graceMs: 2_500 } });
    const { source } = await makePhotos(
      'stopped',
      Array.from({ length: 20 }, (_, index) => `asset-${index}`),
    );
    const handle = await rig.startRun('stopped', { source, prompt: 'description', analyzer: { kind: 'gemini' } });
    await rig.started('stopped/shard-000000');
    await rig.until(
      () => rig.pendingCalls('stopped/shard-000000'),
      (calls) => calls.filter(({ isStarted }) => isStarted).length === 13 && gemini.seen().underWay === 10,
      'three assets to wait for their turn',
    );
    const asked = gemini.seen().calls;
    await first.stop();
    expect(gemini.seen()).toMatchObject({ calls: asked, perStatus: { 200: asked } });

    const second = await rig.startWorker({ settings });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ total: 20, succeeded: 20 });
    expect(gemini.seen().perStatus).toEqual({ 200: 20 });
    expect((await rig.rows(summary)).filter((row) => row['attempts'] !== 1)).toEqual([]);
    await second.stop();
  });

  it('is paused with its turns full: calls under way finish, and none begins once it says so', async () => {
    await using gemini = await startGemini({ latency: { medianMs: 300 } });
    const worker = await rig.startWorker({ settings: { ...settingsFor(gemini, 'sesame'), laneSlots: 4 } });
    const assetIds = Array.from({ length: 30 }, (_, index) => `asset-${index}`);
    const { source } = await makePhotos('paused', assetIds);
    const handle = await rig.startRun('paused', { source, prompt: 'description', analyzer: { kind: 'gemini' } });
    await rig.until(
      async () => gemini.seen(),
      ({ calls, underWay }) => calls >= 8 && underWay === 4,
      'the turns to be full',
    );
    await handle.signal('pause');
    const paused = await rig.until(
      () => rig.progress('paused'),
      ({ state }) => state === 'paused',
      'the run to be paused',
    );
    const { calls } = gemini.seen();
    expect(paused.counts.succeeded).toBe(calls);
    expect(calls).toBeLessThan(30);
    expect(await rig.pendingCalls('paused/shard-000000')).not.toContainEqual(
      expect.objectContaining({ isStarted: true }),
    );
    expect(gemini.seen()).toMatchObject({ calls, underWay: 0 });
    await handle.signal('resume');
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ total: 30, succeeded: 30 });
    expect(gemini.seen().perStatus).toEqual({ 200: 30 });
    await worker.stop();
  });

  it('is paused while calls take long: assets that wait for their turn go back, and none of them is called', async () => {
    await using gemini = await startGemini({ latency: { medianMs: 6_000 } });
    const worker = await rig.startWorker({ settings: { ...settingsFor(gemini, 'sesame'), laneSlots: 4 } });
    const assetIds = Array.from({ length: 8 }, (_, index) => `asset-${index}`);
    const { source } = await makePhotos('paused-long', assetIds);
    const handle = await rig.startRun('paused-long', { source, prompt: 'description', analyzer: { kind: 'gemini' } });
    await rig.started('paused-long/shard-000000');
    await rig.until(
      () => rig.pendingCalls('paused-long/shard-000000'),
      (calls) => calls.filter(({ isStarted }) => isStarted).length === 6 && gemini.seen().underWay === 4,
      'two assets to wait for their turn',
    );
    await handle.signal('pause');
    const paused = await rig.until(
      () => rig.progress('paused-long'),
      ({ state }) => state === 'paused',
      'the run to be paused',
    );
    expect(paused.counts.succeeded).toBe(4);
    expect(gemini.seen()).toMatchObject({ calls: 4, underWay: 0 });
    await handle.signal('resume');
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ total: 8, succeeded: 8 });
    expect(gemini.seen().perStatus).toEqual({ 200: 8 });
    expect((await rig.rows(summary)).filter((row) => row['attempts'] !== 1)).toEqual([]);
    await worker.stop();
  });

  it('waits for a worker with credentials: one without takes no calls', async () => {
    await using gemini = await startGemini();
    const without = await rig.startWorker();
    const { source } = await makePhotos('waiting', ['a']);
    const handle = await rig.startRun('waiting', { source, prompt: 'description', analyzer: { kind: 'gemini' } });
    await rig.started('waiting/shard-000000');
    await rig.until(
      () => rig.pendingCalls('waiting/shard-000000'),
      (calls) => calls.length === 1 && !calls[0]!.isStarted,
      'the call to wait',
    );
    expect((await rig.progress('waiting')).notes).toEqual([
      'The analyzer gemini has no access to Gemini here: set GEMINI_API_KEY, or GOOGLE_CLOUD_PROJECT for Vertex AI. Calls wait for a worker of the lane that has it.',
    ]);
    const worker = await rig.startWorker({ roles: ['analyze'], settings: settingsFor(gemini, 'sesame') });
    const summary = (await handle.result()) as RunSummary;
    expect(summary.counts).toMatchObject({ succeeded: 1 });
    await Promise.all([without.stop(), worker.stop()]);
  });
});

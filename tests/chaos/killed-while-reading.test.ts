/** @module-tag our-idea-of-bigquery */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import { startGemini, type GeminiServer } from '../../fake-google/gemini/start-gemini.ts';
import { once } from '../google/bigquery-rig.ts';
import { startLoadingRig, type LoadingRig } from '../google/loading-rig.ts';
import { encode, noise } from '../images/sample-images.ts';
import { storageClient } from '../support/google-clients.ts';
import { chooseSeed, seededRandom } from '../support/seed.ts';

const ASSETS = 150;
const KILLS = 4;
const SLOTS = 6;
/** Assets that a worker holds: one for each of its slots, and those that wait for their turn. */
const HELD = SLOTS + 1;
const BUCKET = 'photos';
const random = seededRandom(chooseSeed('killed while reading'));

let google: LoadingRig;
let gemini: GeminiServer;
beforeAll(async () => {
  [google, gemini] = await Promise.all([startLoadingRig(), startGemini({ latency: { medianMs: 300, spread: 0.4 } })]);
});
afterAll(async () => {
  await google[Symbol.asyncDispose]();
  await gemini.close();
});

/** Pictures that Gemini does not take as they are, so that workers read and convert them; no two are alike. */
async function makePhotos(): Promise<string> {
  const bucket = storageClient(google.objects.rest.url).bucket(BUCKET);
  await bucket.create();
  const lines = ['id,image'];
  for (let index = 0; index < ASSETS; index += 1) {
    const type = (['gif', 'tiff'] as const)[index % 2] ?? 'gif';
    const picture = await encode(noise(40 + index, 30), type);
    await bucket.file(`${index}.${type}`).save(picture, { contentType: `image/${type}`, resumable: false });
    lines.push(`asset-${index},gs://${BUCKET}/${index}.${type}`);
  }
  const source = join(google.rig.dir, 'photos.csv');
  await writeFile(source, [...lines, ''].join('\n'));
  return source;
}

it('kill -9 while images of a bucket are read and converted leaves each asset one row, and explains each call', async () => {
  const { rig } = google;
  const temporary = join(rig.dir, 'temporary');
  await mkdir(temporary);
  const env = {
    ...google.places,
    GOOGLE_CLOUD_PROJECT: 'street-1',
    GOOGLE_VERTEX_BASE_URL: gemini.url,
    SIGHTLINE_LANE_SLOTS: String(SLOTS),
    TMPDIR: temporary,
  };
  const source = await makePhotos();
  let reads = 0;
  google.objects.rest.rules.add({
    fault: { kind: 'slow', delayMs: 300 },
    when: ({ method, path }) => method === 'GET' && path.includes(`/${BUCKET}/`) && (reads += 1) > 0,
  });
  let worker = await rig.spawnWorker(env);
  const handle = await rig.startRun('reading', {
    source,
    prompt: 'description',
    analyzer: { kind: 'gemini' },
    limits: { shardSize: 50, insertBatch: 10 },
    store: google.dataset.spec,
  });
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const before = reads;
    const more = 2 + Math.floor(random() * 40);
    await rig.until(
      async () => reads - before,
      (count) => count >= more,
      `${more} reads`,
    );
    // Assets go on nearly in step: while some are read, or while calls are under way.
    await delay(random() * 1_500);
    await worker.kill();
    worker = await rig.spawnWorker(env);
  }
  const { counts } = (await handle.result()) as RunSummary;
  expect(counts).toMatchObject({ total: ASSETS, succeeded: ASSETS });
  expect(await google.countRows('reading', 'description')).toEqual(once(ASSETS));
  const { calls, perAsset, mostAtOnce } = gemini.seen();
  process.stderr.write(`reads ${reads}, calls repeated after ${KILLS} kills: ${calls - ASSETS}\n`);
  expect(Object.keys(perAsset)).toHaveLength(ASSETS);
  expect(Math.max(...Object.values(perAsset))).toBeLessThanOrEqual(1 + KILLS);
  expect(calls - ASSETS).toBeLessThanOrEqual(KILLS * HELD);
  expect(mostAtOnce).toBeLessThanOrEqual(SLOTS);
  expect(await worker.stop()).toBe(0);
  expect(await readdir(temporary)).toEqual([]);
  const scratch = await readdir(join(rig.settings.dataDir, 'scratch'), { recursive: true });
  expect(scratch.filter((name) => name.includes('.calls'))).toEqual([]);
  await rig.replayAll();
}, 300_000);

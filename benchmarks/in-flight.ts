import { link, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import sharp from 'sharp';
import { startDevServer } from '../cli/temporal-server/start-dev-server.ts';
import { SETTINGS } from '../config/settings.ts';
import type { RunRequest, RunSummary } from '../contracts/run.ts';
import { startGemini, type GeminiServer } from '../fake-google/gemini/start-gemini.ts';
import { startStorage, type StorageServer } from '../fake-google/start-storage.ts';
import { openStorage } from '../google/open-storage.ts';
import { connectTemporal } from './fan-out/connect-temporal.ts';
import { execute, sightline } from './fan-out/contenders.ts';
import { startDataset } from './google/start-dataset.ts';
import { measure } from './measure.ts';
import type { Benchmark } from './measurement.ts';
import { spawnWorker } from './processes/spawn-worker.ts';

const LIMIT = SETTINGS.laneSlots.default;
const LATENCY = { medianMs: 1_500, spread: 0.4 };
const WARM_UP_ASSETS = 1_000;
const LOOK_EVERY_MS = 100;
const GIVE_UP_MS = 600_000;

/** Whether a run waits for anything but the model. */
export const inFlight: Benchmark = {
  name: 'in-flight',
  title: 'Calls to the model in flight',
  method: `A run over a CSV of images at \`gs://\`, analyzed by \`gemini\` and written into BigQuery, with default limits and one worker, which
makes up to ${LIMIT} calls at once. All Google services are stand-ins on the same machine, started anew for each run. Each picture is looked at in
its bucket and then read by the model itself, which takes ${LATENCY.medianMs} ms in the median
(log-normal, ${LATENCY.spread}). \`share\` is how many calls the model has in hand, on average from the first call to the last
one that begins, as a share of ${LIMIT}: what is missing, the run waits for something else. \`share-of-run\` is the
time of all calls over ${LIMIT} times the whole run, from its start to its result: freezing, first calls, last calls and verifying
included.`,
  bars: [{ measurement: 'in-flight/share', of: 'value', atLeast: 95 }],
  async run({ dir, quick, temporal, say }) {
    const [assets, repeats] = quick ? [2_000, 1] : [8_000, 3];
    const shares: Shares[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const found = await trial(await mkdtemp(join(dir, 'in-flight-')), temporal, assets);
      say(`${assets} assets: ${found.share.toFixed(3)}, of the whole run ${found.ofRun.toFixed(3)}`);
      shares.push(found);
    }
    const percent = (what: keyof Shares): readonly number[] => shares.map((each) => each[what] * 100);
    return [
      measure('in-flight/share', '%', percent('share')),
      measure('in-flight/share-of-run', '%', percent('ofRun')),
    ];
  },
};

interface Shares {
  readonly share: number;
  readonly ofRun: number;
}

/** One run on servers of its own: the stand-ins become slower the more they were asked. */
async function trial(dir: string, temporal: string, assets: number): Promise<Shares> {
  await using server = await startDevServer({ binary: temporal, dbFile: join(dir, 'temporal.db') });
  await using dataset = await startDataset(dir);
  await using gemini = await startGemini({ latency: LATENCY });
  await using storage = await startStorage({ bucketsFolder: join(dir, 'buckets') });
  await using running = new AsyncDisposableStack();
  const worker = await spawnWorker(sightline.workerMain, dir, {
    TEMPORAL_ADDRESS: server.address,
    SIGHTLINE_DATA_DIR: join(dir, 'data'),
    SIGHTLINE_LOG_LEVEL: 'info',
    SIGHTLINE_BIGQUERY_ENDPOINT: dataset.servers.apiEndpoint,
    SIGHTLINE_BIGQUERY_WRITE_ENDPOINT: dataset.servers.grpcEndpoint,
    SIGHTLINE_STORAGE_ENDPOINT: storage.url,
    GOOGLE_CLOUD_PROJECT: dataset.spec.project,
    GOOGLE_VERTEX_BASE_URL: gemini.url,
  });
  running.use(worker);
  await using connection = await connectTemporal(server.address);
  const client = new Client({ connection });
  const store = `bq://${dataset.spec.project}.${dataset.spec.dataset}`;
  const runOver = async (runId: string, count: number): Promise<Shares> => {
    const source = await writeAddresses(join(dir, `${runId}.csv`), await putPictures(storage, runId, count));
    const request: RunRequest = { source, prompt: 'utility-pole', analyzer: { kind: 'gemini' }, store };
    return watchRun(gemini, count, execute(client, 'analyzeRun', runId, request) as Promise<RunSummary>);
  };
  await runOver('warm-up', WARM_UP_ASSETS);
  return await runOver('run', assets);
}

/** Watches a run that begins now to its end. */
async function watchRun(gemini: GeminiServer, assets: number, running: Promise<RunSummary>): Promise<Shares> {
  const before = gemini.seen();
  const startedMs = performance.now();
  const untilCalls = async (calls: number): Promise<number> => {
    while (gemini.seen().calls < before.calls + calls) {
      if (performance.now() - startedMs > GIVE_UP_MS) throw new Error('a run has not asked about all its assets');
      await delay(LOOK_EVERY_MS);
    }
    return performance.now();
  };
  const firstMs = await untilCalls(1);
  const lastMs = await untilCalls(assets);
  const share = (gemini.seen().callMs - before.callMs) / (LIMIT * (lastMs - firstMs));
  const { counts } = await running;
  if (counts.succeeded + counts.not_visible < assets) throw new Error('a run has assets without an answer');
  const ofRun = (gemini.seen().callMs - before.callMs) / (LIMIT * (performance.now() - startedMs));
  return { share, ofRun };
}

/** One picture under many names, in a bucket of its own; returns the names. */
async function putPictures(storage: StorageServer, bucket: string, count: number): Promise<readonly string[]> {
  const client = openStorage({ apiEndpoint: storage.url });
  const picture = sharp({ create: { width: 640, height: 480, channels: 3, background: '#888' } });
  await client.createBucket(bucket);
  const original = client.bucket(bucket).file('original.jpg');
  await original.save(await picture.jpeg().toBuffer(), { contentType: 'image/jpeg', resumable: false });
  const names = Array.from({ length: count }, (_, row) => `${row}.jpg`);
  const folder = join(storage.bucketsFolder, bucket);
  for (const name of names) await link(join(folder, original.name), join(folder, name));
  return names.map((name) => `gs://${bucket}/${name}`);
}

async function writeAddresses(path: string, uris: readonly string[]): Promise<string> {
  await writeFile(path, ['id,image', ...uris.map((uri, row) => `asset-${row},${uri}`), ''].join('\n'));
  return path;
}

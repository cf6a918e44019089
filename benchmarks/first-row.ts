import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectSightline, type Sightline } from '../client/main.ts';
import { startDevServer } from '../cli/temporal-server/start-dev-server.ts';
import { openParquetStores, type Stores } from '../stores/index.ts';
import { csvOf, sightline } from './fan-out/contenders.ts';
import { measure } from './measure.ts';
import type { Benchmark, Measurement } from './measurement.ts';
import { spawnWorker } from './processes/spawn-worker.ts';

const LOOK_EVERY_MS = 10;
const GIVE_UP_MS = 120_000;
const SIZES = [100, 10_000] as const;

/** How long a person waits for something to look at. */
export const firstRow: Benchmark = {
  name: 'first-row',
  title: 'Time to the first row',
  method: `From the client's \`start\` to the first row that a reader sees, for a CSV and the \`noop\` analyzer with default limits; a
reader looks every ${LOOK_EVERY_MS} ms. \`cold\` has no worker when the run starts: the time begins with the start of the worker process, in
an empty data folder, where the bundle of workflows is built first. Rows become visible a shard at a time.`,
  bars: [],
  async run(options) {
    const repeats = options.quick ? 1 : 5;
    const dir = await mkdtemp(join(options.dir, 'first-row-'));
    await using server = await startDevServer({ binary: options.temporal, dbFile: join(dir, 'temporal.db') });
    const found: Measurement[] = [];
    const cold: number[] = [];
    for (let index = 0; index < repeats; index += 1) cold.push(await coldStart(dir, server.address, index));
    found.push(measure('first-row/cold-100', 'ms', cold));

    const dataDir = join(dir, 'data');
    await using running = new AsyncDisposableStack();
    running.use(await startWorker(dir, dataDir, server.address));
    await using client = connectSightline({ address: server.address, dataDir });
    const stores = openParquetStores(dataDir);
    // Compiles the code of worker and reader.
    await untilFirstRow(client, stores, await writeCsv(dir, 1_000), 'warm-up');
    for (const size of SIZES) {
      const source = await writeCsv(dir, size);
      const times: number[] = [];
      for (let index = 0; index < repeats; index += 1) {
        const runId = `run-${size}-${index}`;
        times.push(await untilFirstRow(client, stores, source, runId));
        options.say(`${size} assets: ${times.at(-1)?.toFixed(0)} ms`);
      }
      found.push(measure(`first-row/warm-${size}`, 'ms', times));
    }
    return found;
  },
};

/** Starts a run and ends it again; returns the time until its first row, in ms. */
async function untilFirstRow(client: Sightline, stores: Stores, source: string, runId: string): Promise<number> {
  const startedMs = performance.now();
  await client.start({ source, analyzer: { kind: 'noop' } }, { runId });
  const tookMs = await untilVisible(stores, runId, startedMs);
  await client.cancel(runId);
  await client.wait(runId);
  return tookMs;
}

async function coldStart(dir: string, address: string, index: number): Promise<number> {
  const dataDir = join(dir, `cold-${index}`);
  const runId = `cold-${index}`;
  await using client = connectSightline({ address, dataDir });
  await client.start({ source: await writeCsv(dir, 100), analyzer: { kind: 'noop' } }, { runId });
  const startedMs = performance.now();
  await using running = new AsyncDisposableStack();
  running.use(await startWorker(dir, dataDir, address));
  const tookMs = await untilVisible(openParquetStores(dataDir), runId, startedMs);
  await client.wait(runId);
  return tookMs;
}

async function untilVisible(stores: Stores, runId: string, startedMs: number): Promise<number> {
  for (;;) {
    const place = (await stores.records.read(runId))?.plan.place;
    if (place && (await stores.reader.files(place)).length > 0) {
      if ((await stores.reader.list(place, { limit: 1 })).length === 1) return performance.now() - startedMs;
    }
    if (performance.now() - startedMs > GIVE_UP_MS) throw new Error(`${runId} has shown no row in ${GIVE_UP_MS} ms`);
    await delay(LOOK_EVERY_MS);
  }
}

function startWorker(dir: string, dataDir: string, address: string) {
  return spawnWorker(sightline.workerMain, dir, { TEMPORAL_ADDRESS: address, SIGHTLINE_DATA_DIR: dataDir });
}

async function writeCsv(dir: string, size: number): Promise<string> {
  const path = join(dir, `assets-${size}.csv`);
  await writeFile(path, csvOf(size));
  return path;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { startDevServer } from '../../cli/temporal-server/start-dev-server.ts';
import type { BenchmarkOptions } from '../measurement.ts';
import { processUsage } from '../processes/process-usage.ts';
import { spawnWorker } from '../processes/spawn-worker.ts';
import { watchMemory } from '../processes/watch-memory.ts';
import { connectTemporal } from './connect-temporal.ts';
import type { Contender } from './contenders.ts';
import { readHistoryFacts, type HistoryFacts } from './history-facts.ts';

/** What one run of one contender took. */
export interface Trial {
  readonly assets: number;
  readonly wallMs: number;
  readonly workerCpuMs: number;
  readonly serverCpuMs: number;
  /** Resident memory of the worker over the run, in MB. */
  readonly rssMb: readonly number[];
  readonly facts: HistoryFacts;
}

/** As many runs as it takes until the code is compiled and the connections stand: what Node compiles shows in the first two. */
const WARM_UP_RUNS = 3;
const WARM_UP_ASSETS = 1_000;

/** A new server and a new worker process, runs to warm them up, and the run that counts. Both are gone afterwards. */
export async function runTrial(contender: Contender, assets: number, options: BenchmarkOptions): Promise<Trial> {
  const dir = await mkdtemp(join(options.dir, 'trial-'));
  try {
    await using server = await startDevServer({ binary: options.temporal, dbFile: join(dir, 'temporal.db') });
    await using worker = await spawnWorker(contender.workerMain, dir, {
      TEMPORAL_ADDRESS: server.address,
      SIGHTLINE_DATA_DIR: join(dir, 'data'),
      SIGHTLINE_LOG_LEVEL: 'info',
    });
    await using connection = await connectTemporal(server.address);
    const client = new Client({ connection });
    const warmUp = await contender.prepare(dir, WARM_UP_ASSETS);
    for (let index = 0; index < WARM_UP_RUNS; index += 1) await warmUp(client, `warm-up-${index}`);

    const run = await contender.prepare(dir, assets);
    const [workerBefore, serverBefore] = await Promise.all([processUsage(worker.pid), processUsage(server.pid)]);
    const memory = watchMemory(worker.pid);
    const startedMs = performance.now();
    await run(client, 'measured');
    const wallMs = performance.now() - startedMs;
    const [workerAfter, serverAfter] = await Promise.all([processUsage(worker.pid), processUsage(server.pid)]);
    const rssMb = await memory.stop();
    for (const complaint of worker.complaints) options.say(`${contender.name}: ${complaint}`);
    return {
      assets,
      wallMs,
      workerCpuMs: workerAfter.cpuMs - workerBefore.cpuMs,
      serverCpuMs: serverAfter.cpuMs - serverBefore.cpuMs,
      rssMb,
      facts: await readHistoryFacts(client, 'measured'),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

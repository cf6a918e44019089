import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../contracts/limits.ts';
import type { Receipt } from '../contracts/shard.ts';
import { credentialsAt, openGoogle } from '../google/open-google.ts';
import { createStoreFinder } from '../stores/find-stores.ts';
import { makeRunPlace } from '../stores/index.ts';
import type { ResultRow, ResultStore } from '../stores/ports.ts';
import { CONTEXT, drawRow } from './google/draw-row.ts';
import { startDataset, type Dataset } from './google/start-dataset.ts';
import { measure } from './measure.ts';
import type { Benchmark } from './measurement.ts';

const BATCHES = [25, 50, 100, 250, 500] as const;
const SHARD_ROWS = LIMITS.shardSize.max;
const SHARDS_AT_ONCE = LIMITS.shardsInFlight.default;

/** What it costs to write rows in small batches. */
export const insert: Benchmark = {
  name: 'insert',
  title: 'Rows into BigQuery, by the size of batches',
  method: `Shards of ${SHARD_ROWS} rows, ${SHARDS_AT_ONCE} at once, each taken over, staged batch by batch into a pending stream of its own and committed, as
the activities of a run do it: into the stand-in for BigQuery on the same machine (Python, DuckDB), over gRPC. It says how the
steps add up, not how fast BigQuery is.`,
  bars: [],
  async run({ dir, quick, say }) {
    const [shards, rounds] = quick ? [2, 1] : [8, 6];
    await using dataset = await startDataset(await mkdtemp(join(dir, 'insert-')));
    const inserting = await openResults(dataset);
    try {
      await insertShards(inserting, 'warm-up', 2, 250);
      const rates = new Map<number, number[]>(BATCHES.map((batch) => [batch, []]));
      // The table grows, and the server becomes slower: each round has every size once.
      for (let round = 0; round < rounds; round += 1) {
        for (const batch of round % 2 === 0 ? BATCHES : BATCHES.toReversed()) {
          const rate = await insertShards(inserting, `insert-${batch}-${round}`, shards, batch);
          rates.get(batch)?.push(rate);
          say(`batches of ${batch}: ${rate.toFixed(0)} rows/s`);
        }
      }
      return BATCHES.map((batch) => measure(`insert/batch-${batch}`, 'rows/s', rates.get(batch) ?? []));
    } finally {
      inserting.close();
    }
  },
};

interface Inserting {
  readonly spec: Dataset['spec'];
  readonly results: ResultStore;
  close(): void;
}

async function openResults({ spec, servers }: Dataset): Promise<Inserting> {
  const { storage } = openGoogle();
  const finder = createStoreFinder({ dataDir: '', home: '', bigQuery: servers, credentialsAt, storage });
  return { spec, results: (await finder.of(spec)).results, close: finder.close };
}

/** Rows per second over all shards. */
async function insertShards(inserting: Inserting, runId: string, shards: number, batch: number): Promise<number> {
  const { spec, results } = inserting;
  const place = makeRunPlace({ runId, executionId: 'only', store: spec, prompt: CONTEXT.prompt });
  await results.ensure(place, CONTEXT.fields);
  const waiting = Array.from({ length: shards }, (_, shard) => shard);
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: SHARDS_AT_ONCE }, async () => {
      for (let shard = waiting.shift(); shard !== undefined; shard = waiting.shift()) await insertShard(shard);
    }),
  );
  return (shards * SHARD_ROWS * 1000) / (performance.now() - startedMs);

  async function insertShard(shard: number): Promise<void> {
    const segment = { runId, shard, executionId: 'only', number: 0 };
    const context = { ...CONTEXT, runId };
    await results.takeOver(place, shard, segment.executionId);
    const receipts: Receipt[] = [];
    for (let offset = 0; offset < SHARD_ROWS; offset += batch) {
      const rows = rowsFrom(shard * SHARD_ROWS + offset, batch);
      receipts.push(await results.stage(place, context, segment, offset, rows, receipts.at(-1) ?? null));
    }
    await results.commit(place, context, segment, receipts);
  }
}

function rowsFrom(start: number, count: number): readonly ResultRow[] {
  return Array.from({ length: count }, (_, index) => drawRow(start + index));
}

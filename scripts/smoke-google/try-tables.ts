import { NO_USAGE, type Outcome } from '../../contracts/outcome.ts';
import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import { makeRunPlace } from '../../stores/index.ts';
import type { ResultRow, RowContext } from '../../stores/ports.ts';
import type { SmokeBench } from './smoke-bench.ts';

const ROWS = 3;
const DAY_MS = 86_400_000;

export async function tryExpiry(bench: SmokeBench): Promise<string> {
  const client = await bench.bigQuery();
  const table = client.dataset(bench.store.dataset).table('expiring');
  const ends = (days: number): string => String(Date.now() + days * DAY_MS);
  const name = `\`${bench.project}.${bench.store.dataset}.expiring\``;
  const options =
    "expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY), labels = [('kept', 'yes')]";
  await client.query({ query: `CREATE TABLE ${name} OPTIONS(${options}) AS SELECT 1 AS a`, location: bench.location });
  const look = async () => {
    const [metadata] = await table.getMetadata();
    const { expirationTime, labels } = metadata as { expirationTime?: string; labels?: Record<string, string> };
    return { days: expirationTime === undefined ? 'never' : daysUntil(expirationTime), labels };
  };
  const made = await look();
  await table.setMetadata({ expirationTime: ends(2) });
  const renewed = await look();
  if (made.days !== 1 || renewed.days !== 2 || renewed.labels?.['kept'] !== 'yes') {
    throw new Error(`A table that was to expire in 1 and then in 2 days says: ${made.days}, ${renewed.days}.`);
  }
  return 'A table keeps its label, and expires when a statement and then a call say.';
}

function daysUntil(timeMs: string): number {
  return Math.round((Number(timeMs) - Date.now()) / DAY_MS);
}

/** Rows through the store, into a table that was made a moment before; the commit is asked for twice. */
export async function tryRows(bench: SmokeBench): Promise<string> {
  const { stagedS } = await writeRows(bench, bench.store, CONTEXT);
  return `A new table took ${ROWS} rows ${inWords(stagedS)}, and a second commit changed nothing.`;
}

/** The same rows into another table, through the bucket. */
export async function tryLoads(bench: SmokeBench): Promise<string> {
  const store = { ...bench.store, mode: 'load', bucket: bench.bucket } as const;
  const { rolledUpS } = await writeRows(bench, store, { ...CONTEXT, prompt: 'smoke-loaded' });
  return `A load and a merge brought ${ROWS} rows ${inWords(rolledUpS)}, and a second roll-up changed nothing.`;
}

/** Commits rows twice and rolls them up twice; throws unless each is there once. */
async function writeRows(bench: SmokeBench, store: BigQueryStoreSpec, context: RowContext) {
  const { results } = await bench.stores.of(store);
  const [runId, executionId] = ['smoke', 'smoke-execution'];
  const place = makeRunPlace({ runId, executionId, store, prompt: context.prompt });
  await results.ensure(place, context.fields);
  await results.takeOver(place, 0, executionId);
  const segment = { runId, shard: 0, executionId, number: 0 };
  const rows = Array.from({ length: ROWS }, (_, row) => rowAt(row));
  const [receipt, stagedS] = await timed(() => results.stage(place, context, segment, 0, rows, null));
  const first = await results.commit(place, context, segment, [receipt]);
  const again = await results.commit(place, context, segment, [receipt]);
  const [, rolledUpS] = await timed(() => results.rollUp(place, context, true));
  await results.rollUp(place, context, true);
  const audit = await results.audit(place);
  if (audit.rows !== ROWS || audit.repeated !== 0)
    throw new Error(`${ROWS} rows were written, ${audit.rows} are there.`);
  if (JSON.stringify(first) !== JSON.stringify(again)) throw new Error('A second commit is answered otherwise.');
  return { stagedS, rolledUpS };
}

async function timed<T>(step: () => Promise<T>): Promise<readonly [T, number]> {
  const startedMs = performance.now();
  const value = await step();
  return [value, (performance.now() - startedMs) / 1_000];
}

function inWords(seconds: number): string {
  return seconds < SOON_S ? 'at once' : `after ${Math.round(seconds)} s`;
}

const SOON_S = 5;

const CONTEXT: RowContext = {
  runId: 'smoke',
  prompt: 'smoke',
  promptDigest: 'none',
  fields: [{ name: 'caption', type: 'string', description: 'What is seen', required: true }],
  analyzer: 'none',
  settings: '{}',
};

function rowAt(row: number): ResultRow {
  const assetId = `asset-${row}`;
  const outcome: Outcome = {
    row,
    assetId,
    kind: 'succeeded',
    findings: { caption: `picture ${row}` },
    usage: NO_USAGE,
    costUsd: 0,
    model: 'none',
    modelVersion: 'none',
    attempts: 1,
    reused: false,
    latencyMs: 0,
    analyzedAt: new Date().toISOString(),
  };
  return { asset: { row, assetId, images: [{ uri: `gs://nobody/${row}.jpg` }], attributes: {} }, outcome };
}

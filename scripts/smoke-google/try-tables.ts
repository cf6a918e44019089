import type { Outcome } from '../../contracts/outcome.ts';
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
  const { results } = await bench.stores.of(bench.store);
  const [runId, executionId] = ['smoke', 'smoke-execution'];
  const place = makeRunPlace({ runId, executionId, store: bench.store, prompt: CONTEXT.prompt });
  await results.ensure(place, CONTEXT.fields);
  await results.takeOver(place, 0, executionId);
  const segment = { runId, shard: 0, executionId, number: 0 };
  const startedMs = performance.now();
  const receipt = await results.stage(
    place,
    CONTEXT,
    segment,
    0,
    Array.from({ length: ROWS }, (_, row) => rowAt(row)),
    null,
  );
  const stagedS = (performance.now() - startedMs) / 1_000;
  const first = await results.commit(place, CONTEXT, segment, [receipt]);
  const again = await results.commit(place, CONTEXT, segment, [receipt]);
  const audit = await results.audit(place);
  if (audit.rows !== ROWS || audit.repeated !== 0)
    throw new Error(`${ROWS} rows were written, ${audit.rows} are there.`);
  if (JSON.stringify(first) !== JSON.stringify(again)) throw new Error('A second commit is answered otherwise.');
  const wait = stagedS < SOON_S ? 'at once' : `after ${Math.round(stagedS)} s`;
  return `A new table took ${ROWS} rows ${wait}, and a second commit changed nothing.`;
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
    usage: { inputTokens: 0, outputTokens: 0, thinkingTokens: 0, cachedTokens: 0 },
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

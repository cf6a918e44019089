import type { Asset } from '../../contracts/asset.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { PromptField } from '../../contracts/prompt.ts';
import type { RunRecord } from '../../contracts/run.ts';
import type { Receipt, Segment } from '../../contracts/shard.ts';
import type { RunPlace } from '../../contracts/run.ts';
import type { ResultRow, ResultStore, RowContext } from '../../stores/ports.ts';
import { makeRunPlace } from '../../stores/index.ts';

const RUN_ID = 'brisk-heron-7f2k';

const FIELDS: readonly PromptField[] = [
  { name: 'caption', type: 'string', description: '', required: true },
  { name: 'lamps', type: 'integer', description: '', required: false },
  { name: 'sharpness', type: 'number', description: '', required: false },
  { name: 'usable', type: 'boolean', description: '', required: false },
  { name: 'light', type: 'one-of', description: '', required: false, values: ['day', 'night'] },
  { name: 'things', type: 'strings', description: '', required: false },
];

export const CONTEXT: RowContext = {
  runId: RUN_ID,
  prompt: 'street-check',
  promptDigest: 'ab12',
  fields: FIELDS,
  analyzer: 'offline',
  settings: '{"level":2}',
};

export function placeIn(folder: string): RunPlace {
  return makeRunPlace({
    runId: RUN_ID,
    executionId: 'first-execution',
    store: { kind: 'parquet', path: folder },
    prompt: CONTEXT.prompt,
  });
}

export function segmentOf(shard: number, executionId = 'execution-a', number = 0): Segment {
  return { runId: RUN_ID, shard, executionId, number };
}

export function assetAt(row: number, more: Partial<Asset> = {}): Asset & { readonly row: number } {
  return {
    row,
    assetId: `asset-${String(row).padStart(7, '0')}`,
    images: [{ uri: `/photos/${row}.jpg` }],
    attributes: {},
    ...more,
  };
}

export function rowAt(row: number, outcome: Partial<Outcome> = {}, asset: Partial<Asset> = {}): ResultRow {
  const subject = assetAt(row, asset);
  return {
    asset: subject,
    outcome: {
      row,
      assetId: subject.assetId,
      kind: 'succeeded',
      findings: { caption: `picture ${row}` },
      usage: { inputTokens: 10, outputTokens: 2, thinkingTokens: 0, cachedTokens: 1 },
      costUsd: 0.5,
      model: 'offline-1',
      modelVersion: '1.0',
      attempts: 1,
      reused: false,
      latencyMs: 12,
      analyzedAt: '2026-02-03T04:05:06.789Z',
      ...outcome,
    },
  };
}

/** Rows `[start, end)`, every seventh of them failed. */
export function rowsBetween(start: number, end: number): ResultRow[] {
  return Array.from({ length: end - start }, (_, index) => {
    const row = start + index;
    return row % 7 === 3 ? rowAt(row, FAILED) : rowAt(row);
  });
}

export const FAILED: Partial<Outcome> = {
  kind: 'failed',
  failure: { name: 'AnswerInvalid', message: 'light takes one of: day, night' },
  costUsd: null,
};

/** Takes a shard over and stages rows in batches, one after the other. */
export async function stageAll(
  store: ResultStore,
  place: RunPlace,
  segment: Segment,
  rows: readonly ResultRow[],
  batch = 10,
): Promise<Receipt[]> {
  await store.takeOver(place, segment.shard, segment.executionId);
  const receipts: Receipt[] = [];
  for (let offset = 0; offset < rows.length; offset += batch) {
    const part = rows.slice(offset, offset + batch);
    receipts.push(await store.stage(place, CONTEXT, segment, offset, part, receipts.at(-1) ?? null));
  }
  return receipts;
}

export async function* assetsBetween(start: number, end: number): AsyncGenerator<Asset> {
  for (let row = start; row < end; row++) {
    const { row: _row, ...asset } = assetAt(row);
    yield await Promise.resolve(asset);
  }
}

export function runRecord(runId: string, startedAt: string, place: RunPlace): RunRecord {
  const request: RunRecord['request'] = {
    source: { kind: 'folder', path: '/photos' },
    prompt: 'street-check',
    analyzer: { kind: 'offline', model: 'offline-1', settings: {} },
    store: place.store,
    limits: { shardSize: 200, shardsInFlight: 4, assetsInFlight: 20, insertBatch: 100, leftoverAfterMs: 60_000 },
    name: runId,
    tags: [],
  };
  return {
    runId,
    executionId: 'first-execution',
    name: runId,
    tags: [],
    state: 'running',
    startedAt,
    endedAt: null,
    request,
    plan: {
      runId,
      request,
      place,
      manifest: { uri: 'manifests/x.parquet', rows: 1, digest: '00', rejected: 0, duplicates: 0, rejects: null },
      total: 1,
      rejected: 0,
      promptDigest: 'ab12',
      fields: FIELDS,
      spec: 'aa',
      limits: request.limits,
      lanes: ['local'],
      startedAt,
      versions: { sightline: '0.1.0' },
      searchAttributes: true,
    },
    counts: null,
    notes: [],
    failures: {},
    cost: { spentUsd: 0, unknown: 0 },
  };
}

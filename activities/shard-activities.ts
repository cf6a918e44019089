import { activityInfo, type Info } from '@temporalio/activity';
import type {
  AssetPage,
  Committed,
  CommitRowsInput,
  ReadPageInput,
  Reconciled,
  ReconcileInput,
  StagePlan,
  StageRowsInput,
} from '../contracts/activities.ts';
import type { AssetRef } from '../contracts/asset.ts';
import type { Findings, Outcome } from '../contracts/outcome.ts';
import { splitRanges, subtractRanges, toRanges } from '../contracts/ranges.ts';
import type { LostSegment, Receipt } from '../contracts/shard.ts';
import { StoreLostError } from '../stores/ports.ts';
import type { BlobStore, ResultRow, RowContext } from '../stores/ports.ts';
import type { SpecStore } from './analysis-spec.ts';
import type { AssetCache } from './asset-cache.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { sourceSpeaksFirst } from './source-speaks-first.ts';
import { finalFailure, translatedUnderWay } from './to-failure.ts';

/** A page of assets stays below this in history. */
const PAGE_BYTES = 512 * 1024;

/** A step of a shard: what it throws is translated, and it heartbeats when it lasts. */
function step<T>(body: () => Promise<T>): Promise<T> {
  return translatedUnderWay(() => heartbeating(body));
}

export function createReconcileShard(deps: ActivityDeps, cache: AssetCache) {
  return ({ place, shard, first }: ReconcileInput): Promise<Reconciled> =>
    step(async () => {
      const { results } = await deps.stores.of(place.store);
      const visible = await results.takeOver(place, shard, executionOf(activityInfo()));
      const ranges = first ? subtractRanges(first.ranges, visible.rows) : [];
      if (!first || ranges.length === 0) return visible;
      return { ...visible, page: await readAssets(deps, cache, { ...first, place, ranges }) };
    });
}

function executionOf({ workflowExecution }: Info): string {
  if (workflowExecution) return workflowExecution.runId;
  throw new TypeError('a shard is taken over by its workflow');
}

export function createReadPage(deps: ActivityDeps, cache: AssetCache) {
  return (input: ReadPageInput): Promise<AssetPage> => step(() => readAssets(deps, cache, input));
}

async function readAssets(
  deps: ActivityDeps,
  cache: AssetCache,
  { place, manifest, ranges, maxRows }: ReadPageInput,
): Promise<AssetPage> {
  const { manifests } = await deps.stores.of(place.store);
  const { first } = splitRanges(ranges, maxRows);
  const assets = cutByBytes(await cache.read(manifests, place, manifest, first));
  return { assets, rest: subtractRanges(ranges, toRanges(assets.map(({ row }) => row))) };
}

/** At least one asset, so that a page always gets on. */
function cutByBytes(assets: readonly AssetRef[]): readonly AssetRef[] {
  let bytes = 0;
  const end = assets.findIndex((asset, index) => {
    bytes += Buffer.byteLength(JSON.stringify(asset));
    return bytes > PAGE_BYTES && index > 0;
  });
  return end === -1 ? assets : assets.slice(0, end);
}

export function createStageRows(deps: ActivityDeps, specs: SpecStore, cache: AssetCache) {
  return ({ plan, segment, offset, outcomes, after }: StageRowsInput): Promise<Receipt | LostSegment> =>
    step(async () => {
      const { manifests, results, blobs } = await deps.stores.of(plan.place.store);
      const rows = outcomes.map(({ row }) => row);
      const assets = await cache.take(manifests, plan.place, plan.manifest, rows);
      const complete = await Promise.all(outcomes.map((outcome) => toRow(blobs, assets, outcome)));
      const mine = complete.map((row) => sourceSpeaksFirst(row, plan.sightColumns));
      const context = await rowContext(specs, blobs, plan);
      return unlessLost(() => results.stage(plan.place, context, segment, offset, mine, after ?? null));
    });
}

async function toRow(blobs: BlobStore, assets: ReadonlyMap<number, AssetRef>, outcome: Outcome): Promise<ResultRow> {
  const asset = assets.get(outcome.row);
  if (!asset || asset.assetId !== outcome.assetId) {
    throw finalFailure('AccountingMismatch', `Row ${outcome.row} of the manifest is not the asset ${outcome.assetId}.`);
  }
  if (outcome.findingsRef === undefined) return { asset, outcome };
  return { asset, outcome: { ...outcome, findings: (await blobs.get(outcome.findingsRef)) as Findings } };
}

export function createCommitRows(deps: ActivityDeps, specs: SpecStore) {
  return ({ plan, segment, receipts }: CommitRowsInput): Promise<Committed | LostSegment> =>
    step(async () => {
      const { results, blobs } = await deps.stores.of(plan.place.store);
      const context = await rowContext(specs, blobs, plan);
      const result = await unlessLost(() => results.commit(plan.place, context, segment, receipts));
      if ('lost' in result) return result;
      const { tally } = await results.visible(plan.place, segment.shard);
      return { ...result, visible: tally };
    });
}

/** To the shard a loss is no failure but an answer: it still has what was staged. */
async function unlessLost<T>(call: () => Promise<T>): Promise<T | LostSegment> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof StoreLostError) return { lost: true };
    throw error;
  }
}

export async function rowContext(specs: SpecStore, blobs: BlobStore, plan: StagePlan): Promise<RowContext> {
  const spec = await specs.load(blobs, plan.spec);
  return {
    runId: plan.runId,
    prompt: spec.prompt.name,
    promptDigest: spec.prompt.digest,
    fields: spec.prompt.fields,
    analyzer: spec.analyzer,
    settings: JSON.stringify(spec.settings),
  };
}

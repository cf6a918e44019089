import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Analyzer } from '../analyzers/ports.ts';
import type { PrepareRunInput } from '../contracts/activities.ts';
import { withOddCell, type OddCells } from '../contracts/odd-cells.ts';
import type { ResolvedRequest, RunPlace, RunPlan, RunRecord, StoreSpec } from '../contracts/run.ts';
import { isRunId } from '../contracts/ids.ts';
import { StoreUnavailableError, type FrozenManifest } from '../stores/ports.ts';
import type { SpecStore } from './analysis-spec.ts';
import type { ActivityDeps, ActivityStores } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { resolveAnalysis } from './prepare/resolve-analysis.ts';
import { parseRequest, type ParsedRequest } from './prepare/parse-request.ts';
import { sourceNotes } from './prepare/source-notes.ts';
import { finalFailure, throwFailure, translated } from './to-failure.ts';

/** Validates, freezes, claims. Repeated at any point it adopts what is there and returns an equal plan. */
export function createPrepareRun(deps: ActivityDeps, specs: SpecStore) {
  return (input: PrepareRunInput): Promise<RunPlan> =>
    translated(() => heartbeating(() => prepare(deps, specs, input)));
}

async function prepare(deps: ActivityDeps, specs: SpecStore, input: PrepareRunInput): Promise<RunPlan> {
  checkRunId(input.runId);
  const { parsed, spec, analyzer, source, asked, settled } = await resolveRequest(deps, input);
  const askedStore = resolveStore(parsed.store, deps);
  const earlier = await readEarlier(await deps.stores.of(askedStore), input);
  // A repeat does as the first did, whatever is permitted since.
  const destination = earlier ? { store: earlier.request.store, notes: [] } : await deps.stores.settle(askedStore);
  const wanted: ResolvedRequest = {
    ...resolveRest(parsed, input.runId),
    store: destination.store,
    source: settled,
    analyzer: { kind: spec.analyzer, model: spec.model, settings: spec.settings },
  };
  const stores = await deps.stores.of(wanted.store);
  const place = deps.makePlace({ ...input, store: wanted.store, prompt: wanted.prompt });
  await ensureWritable(stores, place, spec.prompt.fields);
  const { reading, ...manifest } = await freeze(deps, stores, wanted, place);
  // As it was read by whoever froze it: a table that is settled again is one of another moment.
  const request = reading ? { ...wanted, source: reading.source } : wanted;
  const plan: RunPlan = {
    runId: input.runId,
    request,
    place,
    manifest,
    total: manifest.rows,
    rejected: manifest.rejected,
    promptDigest: spec.prompt.digest,
    fields: spec.prompt.fields,
    spec: await specs.freeze(stores.blobs, spec),
    limits: request.limits,
    isStaggered: true,
    lanes: [analyzer.lane],
    startedAt: input.startedAt,
    versions: { sightline: deps.version },
    notes: earlier?.plan.notes ?? [
      ...analyzerNotes(analyzer),
      ...destination.notes,
      ...(await sourceNotes({ source, asked, settled: request.source, oddCells: reading?.oddCells ?? [] })),
    ],
    searchAttributes: await deps.temporal.ensureSearchAttributes(),
  };
  await claim(stores, input, plan);
  return plan;
}

/** What the request asks for, found out and checked. Nothing is written yet. */
async function resolveRequest(deps: ActivityDeps, { request }: PrepareRunInput) {
  const parsed = parseRequest(request);
  if (!parsed.ok) throwFailure(parsed.failure);
  const analysis = await resolveAnalysis(deps, parsed.value.prompt, parsed.value.analyzer);
  if (!analysis.ok) throwFailure(analysis.failure);
  const asked = await deps.sources.resolve(parsed.value.source, deps.workingDir);
  if (!asked.ok) throwFailure(asked.failure);
  const source = deps.sources.find(asked.value);
  const settled = await source.settle(asked.value);
  return { ...analysis.value, parsed: parsed.value, source, asked: asked.value, settled };
}

/** A worker that only prepares runs needs no credentials; but nobody should wait for calls without knowing what for. */
function analyzerNotes({ lacks }: Analyzer): readonly string[] {
  return lacks === undefined ? [] : [`${lacks}. Calls wait for a worker of the lane that has it.`];
}

function checkRunId(runId: string): void {
  if (isRunId(runId)) return;
  throw finalFailure(
    'InvalidRequest',
    `The run id ${JSON.stringify(runId)} is not valid: 3 to 63 of a-z, 0-9 and -, beginning with a letter or digit.`,
  );
}

function resolveRest({ prompt, limits, tags, name }: ParsedRequest, runId: string) {
  return { prompt, limits, tags, name: name ?? runId };
}

function resolveStore(asked: StoreSpec | undefined, { workingDir, stores }: ActivityDeps): StoreSpec {
  if (asked?.kind !== 'parquet') return asked ?? stores.homeSpec;
  return { kind: 'parquet', path: resolve(workingDir, asked.path) };
}

/** What an earlier attempt has kept. Refuses an id that is taken: a cheap look before the source is read; the claim decides. */
async function readEarlier(stores: ActivityStores, input: PrepareRunInput): Promise<RunRecord | undefined> {
  const record = await stores.records.read(input.runId);
  if (record && record.executionId !== input.executionId) throw runExists(input.runId);
  return record;
}

async function ensureWritable(
  stores: ActivityStores,
  place: RunPlan['place'],
  fields: RunPlan['fields'],
): Promise<void> {
  try {
    await stores.results.ensure(place, fields);
  } catch (error) {
    // Nothing has been paid for yet: better to say so at once than to try for a day.
    if (error instanceof StoreUnavailableError) throw finalFailure('StoreUnavailable', error.message, error);
    throw error;
  }
}

async function freeze(
  deps: ActivityDeps,
  stores: ActivityStores,
  request: ResolvedRequest,
  place: RunPlace,
): Promise<FrozenManifest> {
  const source = deps.sources.find(request.source);
  let oddCells: readonly OddCells[] = [];
  const manifest = await stores.manifests.freeze(place, {
    assets(onReject) {
      oddCells = [];
      return source.assets(request.source, onReject, (cell) => (oddCells = withOddCell(oddCells, cell)));
    },
    statement: (await source.statement?.(request.source)) ?? null,
    reading: () => ({ source: request.source, oddCells }),
    requestDigest: digestOf(request),
  });
  if (manifest.rows > 0) return manifest;
  await stores.manifests.drop(place);
  throw finalFailure(
    'InvalidRequest',
    `The source ${request.source.path} has no assets (${manifest.rejected} rejected).`,
  );
}

async function claim(stores: ActivityStores, input: PrepareRunInput, plan: RunPlan): Promise<void> {
  if (!(await stores.records.claim(input.runId, input.executionId, digestOf(plan.request)))) {
    await stores.manifests.drop(plan.place);
    throw runExists(input.runId);
  }
  await stores.records.write(recordAtStart(input, plan));
}

function digestOf(request: ResolvedRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

function recordAtStart(input: PrepareRunInput, plan: RunPlan): RunRecord {
  return {
    runId: input.runId,
    executionId: input.executionId,
    name: plan.request.name,
    tags: plan.request.tags,
    state: 'running',
    startedAt: input.startedAt,
    endedAt: null,
    request: plan.request,
    plan,
    counts: null,
    notes: plan.notes ?? [],
    failures: {},
    cost: { spentUsd: 0, unknown: 0 },
  };
}

function runExists(runId: string) {
  return finalFailure('RunExists', `A run with the id ${runId} exists already; choose another id.`);
}

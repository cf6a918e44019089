import type { AnalyzeAssetInput } from '../contracts/activities.ts';
import { failureRule, type Failure } from '../contracts/failures.ts';
import { NO_USAGE, type Findings, type Observed, type Outcome, type OutcomeKind } from '../contracts/outcome.ts';
import {
  ANY_TIME,
  type AnalyzerFailure,
  type AnalyzerResult,
  type AnswerSpent,
  type Turn,
} from '../analyzers/ports.ts';
import type { ImageDesk } from '../images/image-desk.ts';
import { pictureChangesOf } from '../images/picture-changes.ts';
import { checkFindings } from '../prompts/check-findings.ts';
import type { BlobStore } from '../stores/ports.ts';
import type { AnalysisSpec } from './analysis-spec.ts';
import { NotBegunError } from './call-turn.ts';
import type { ActivityDeps } from './deps.ts';

/** Findings up to this size travel through history; larger ones by reference. */
const FINDINGS_IN_HISTORY_BYTES = 2_500;
/** Largest answer that may become a row. */
const ANSWER_MAX_BYTES = 1_000_000;

export interface CallInput {
  readonly deps: Pick<ActivityDeps, 'analyzer' | 'images'>;
  readonly blobs: BlobStore;
  readonly spec: AnalysisSpec;
  readonly input: AnalyzeAssetInput;
  /** This call included. */
  readonly attempts: number;
  /** See `AnalyzerInput`. Default: calls may always begin. */
  readonly turn?: Turn;
  readonly signal: AbortSignal;
}

export type CallResult = { readonly ok: true; readonly outcome: Outcome } | FailedCall;

/** A call without an outcome: it may be tried again. */
export interface FailedCall {
  readonly ok: false;
  readonly failure: Failure;
  readonly retry: AnalyzerFailure | undefined;
  /** What an answer took that cannot be used. */
  readonly spent: AnswerSpent | undefined;
}

/** Asks the analyzer about one asset and makes an outcome of what it says. */
export async function analyzeWith(call: CallInput): Promise<CallResult> {
  const { spec, input, attempts, signal } = call;
  const startedAt = new Date();
  const changes = pictureChangesOf(spec.settings);
  using images = call.deps.images.open({ limits: spec.imageLimits, changes, signal });
  const finish = (kind: OutcomeKind, rest: Partial<Outcome>): CallResult => ({
    ok: true,
    outcome: {
      row: input.asset.row,
      assetId: input.asset.assetId,
      kind,
      usage: NO_USAGE,
      costUsd: 0,
      model: spec.model,
      modelVersion: '',
      attempts,
      reused: false,
      latencyMs: Date.now() - startedAt.getTime(),
      analyzedAt: startedAt.toISOString(),
      ...observed(images.observed(input.asset.images)),
      ...rest,
    },
  });
  const fail = (failure: Failure, retry?: AnalyzerFailure, paid?: AnswerSpent): CallResult => {
    const rule = failureRule(failure.name);
    if (rule.outcome === 'none' || rule.retry !== 'never') return { ok: false, failure, retry, spent: paid };
    return finish(rule.outcome, { failure, ...paid });
  };

  if (input.asset.images.length === 0) {
    return fail({ name: 'NoImages', message: `Asset ${input.asset.assetId} has no images.` });
  }
  const answered = await ask(call, images);
  signal.throwIfAborted();
  if (!answered.ok) return fail(answered.failure, answered.retry, answered.spent);
  const { value } = answered;
  const paid = { usage: value.usage, costUsd: value.costUsd, modelVersion: value.modelVersion };
  if (!value.visible) return finish('not_visible', paid);
  const checked = checkFindings(spec.prompt.fields, value.findings);
  if (!checked.ok) return fail(checked.failure, undefined, paid);
  const kept = await keepFindings(call.blobs, checked.value);
  return kept.ok ? finish('succeeded', { ...paid, ...kept.value }) : fail(kept.failure, undefined, paid);
}

async function ask(call: CallInput, { load, look }: ImageDesk): Promise<AnalyzerResult> {
  const { deps, spec, input, attempts, signal } = call;
  const analyzer = deps.analyzer(spec.analyzer);
  if (!analyzer)
    return { ok: false, failure: { name: 'WorkerBug', message: `this worker has no analyzer ${spec.analyzer}` } };
  try {
    return await analyzer.analyze({
      runId: input.runId,
      assetId: input.asset.assetId,
      row: input.asset.row,
      attempt: attempts,
      images: input.asset.images,
      load,
      look,
      prompt: spec.prompt,
      model: spec.model,
      settings: spec.settings,
      turn: call.turn ?? ANY_TIME,
      signal,
    });
  } catch (error) {
    if (error instanceof NotBegunError) throw error;
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, failure: { name: 'WorkerBug', message: message.slice(0, 500) } };
  }
}

async function keepFindings(blobs: BlobStore, findings: Findings) {
  const bytes = Buffer.byteLength(JSON.stringify(findings));
  if (bytes <= FINDINGS_IN_HISTORY_BYTES) return { ok: true as const, value: { findings } };
  const stored = await blobs.put(findings, ANSWER_MAX_BYTES);
  return stored.ok ? { ok: true as const, value: { findingsRef: stored.value } } : stored;
}

function observed(seen: Observed | undefined): { observed?: Observed } {
  return seen ? { observed: seen } : {};
}

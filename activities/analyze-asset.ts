import { activityInfo, ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { AnalyzeAssetInput } from '../contracts/activities.ts';
import { failureRule } from '../contracts/failures.ts';
import { WORKER_LOST, type CallDetail } from '../contracts/lost-calls.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { SpecStore } from './analysis-spec.ts';
import { analyzeWith, type CallResult, type FailedCall } from './analyze-with.ts';
import { NotBegunError, openCallTurn } from './call-turn.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { toFailure, underWay } from './to-failure.ts';

/** Longer waits return to the shard, which keeps its place for another asset meanwhile. */
const LONGEST_WAIT_HERE_MS = 10_000;

/** One call for one asset. Final failures are outcomes; those that may be tried again are thrown, named by their type. */
export function createAnalyzeAsset(deps: ActivityDeps, specs: SpecStore) {
  return (input: AnalyzeAssetInput): Promise<Outcome> => heartbeating((signal) => analyze(deps, specs, input, signal));
}

async function analyze(
  deps: ActivityDeps,
  specs: SpecStore,
  input: AnalyzeAssetInput,
  signal: AbortSignal,
): Promise<Outcome> {
  const calls = activityInfo().attempt;
  using turn = openCallTurn(deps.isStopping);
  let result: CallResult;
  try {
    turn.begin();
    const { blobs } = await deps.stores.of(input.store);
    const spec = await specs.load(blobs, input.spec);
    result = await analyzeWith({ deps, blobs, spec, input, attempts: input.priorAttempts + calls, turn, signal });
  } catch (error) {
    if (error instanceof NotBegunError) throw handedBack(error.message, { calls: calls - 1, begun: false });
    throw calledOff(signal, calls, turn.isWaiting()) ?? toFailure(underWay(error));
  }
  if (result.ok) return result.outcome;
  throw toRetry(result, calls);
}

function calledOff(signal: AbortSignal, calls: number, isWaiting: boolean): Error | undefined {
  if (!signal.aborted) return undefined;
  const reason = String((signal.reason as Error | undefined)?.message ?? signal.reason);
  if (reason !== 'WORKER_SHUTDOWN') return new CancelledFailure(reason);
  // The grace time of a stopping worker is over: the shard starts the call again elsewhere.
  if (isWaiting) return handedBack('the worker stopped before the call began', { calls: calls - 1, begun: false });
  return handedBack('the worker stopped before the call ended', { calls });
}

function handedBack(message: string, detail: Pick<CallDetail, 'calls' | 'begun'>): ApplicationFailure {
  const details = [{ ...detail, waitMs: null } satisfies CallDetail];
  return ApplicationFailure.create({ message, type: WORKER_LOST, nonRetryable: true, details });
}

function toRetry({ failure, retry, spent }: FailedCall, calls: number): ApplicationFailure {
  const waitMs = retry?.waitMs ?? null;
  const here =
    retry?.unpaid === true && (waitMs ?? 0) <= LONGEST_WAIT_HERE_MS && failureRule(failure.name).retry !== 'never';
  return ApplicationFailure.create({
    message: failure.message,
    type: failure.name,
    nonRetryable: !here,
    details: [
      { calls, waitMs, ...(spent && { spent: { usage: spent.usage, costUsd: spent.costUsd } }) } satisfies CallDetail,
    ],
    ...(waitMs !== null && here ? { nextRetryDelay: waitMs } : {}),
    category: ApplicationFailureCategory.BENIGN,
  });
}

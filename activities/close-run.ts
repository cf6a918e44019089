import { Context } from '@temporalio/activity';
import type { FinishRunInput, VerifyRunInput } from '../contracts/activities.ts';
import { loadFolder } from '../contracts/load-folder.ts';
import { OUTCOME_KINDS, tallyTotal } from '../contracts/outcome.ts';
import type { RunPlan, RunRecord } from '../contracts/run.ts';
import { StoreUnavailableError, type StoreAudit } from '../stores/ports.ts';
import type { SpecStore } from './analysis-spec.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { rowContext } from './shard-activities.ts';
import { finalFailure, translatedUnderWay } from './to-failure.ts';

export function createRollUp(deps: ActivityDeps, specs: SpecStore) {
  return ({ plan }: { plan: RunPlan }): Promise<void> =>
    translatedUnderWay(() => heartbeating(() => joinParts(deps, specs, plan, false)));
}

export function createVerifyRun(deps: ActivityDeps, specs: SpecStore) {
  return (input: VerifyRunInput): Promise<void> =>
    translatedUnderWay(() =>
      heartbeating(async () => {
        await joinParts(deps, specs, input.plan, true);
        const audit = await (await deps.stores.of(input.plan.place.store)).results.audit(input.plan.place);
        const mismatch = findMismatch(audit, input);
        if (mismatch) throw finalFailure('AccountingMismatch', mismatch);
      }),
    );
}

async function joinParts(deps: ActivityDeps, specs: SpecStore, plan: RunPlan, final: boolean): Promise<void> {
  const { results, blobs } = await deps.stores.of(plan.place.store);
  await results.rollUp(plan.place, await rowContext(specs, blobs, plan), final);
}

/** A store that is away for a moment is no reason to hide rows; one that stays away must not hide that the run has failed. */
const SHOW_ATTEMPTS = 5;

/** What a failed run has committed is seen as far as it can be: it is paid for. The notes say what cannot be, and why. */
async function showCommitted(deps: ActivityDeps, specs: SpecStore, plan: RunPlan): Promise<readonly string[]> {
  try {
    await joinParts(deps, specs, plan, true);
    return [];
  } catch (error) {
    if (error instanceof StoreUnavailableError && Context.current().info.attempt < SHOW_ATTEMPTS) throw error;
    // Perhaps it is the very reason for which the run has failed: no other failure may stand in its place.
    const reason = error instanceof Error ? error.message : String(error);
    return [`Rows that the run has committed may not be shown: ${reason}`, ...whereTheyWait(plan.place)];
  }
}

function whereTheyWait({ store, key }: RunPlan['place']): readonly string[] {
  if (store.kind !== 'bigquery' || store.mode !== 'load') return [];
  return [`Those that were not loaded are in gs://${store.bucket}/${loadFolder(store, key)}/parts.`];
}

/** The first thing that does not add up, as a sentence; undefined when the books balance. */
export function findMismatch(audit: StoreAudit, { plan, tally, cancelled }: VerifyRunInput): string | undefined {
  const expected = tallyTotal(tally);
  if (audit.repeated > 0) return `The store holds ${audit.repeated} rows twice.`;
  if (audit.rows !== expected) return `The store holds ${audit.rows} rows, but ${expected} assets have an outcome.`;
  if (expected + cancelled !== plan.total) {
    return `${expected} assets have an outcome and ${cancelled} were cancelled, but the manifest has ${plan.total}.`;
  }
  for (const kind of OUTCOME_KINDS) {
    if (audit.counts[kind] !== tally.counts[kind]) {
      return `The store holds ${audit.counts[kind]} rows that are ${kind}, but ${tally.counts[kind]} assets ended so.`;
    }
  }
  return undefined;
}

export function createFinishRun(deps: ActivityDeps, specs: SpecStore) {
  return ({ plan, executionId, state, progress }: FinishRunInput): Promise<void> =>
    translatedUnderWay(() =>
      heartbeating(async () => {
        const unshown = state === 'failed' ? await showCommitted(deps, specs, plan) : [];
        const record: RunRecord = {
          runId: plan.runId,
          executionId,
          name: plan.request.name,
          tags: plan.request.tags,
          state,
          startedAt: plan.startedAt,
          endedAt: progress.updatedAt,
          request: plan.request,
          plan,
          counts: progress.counts,
          notes: [...progress.notes, ...unshown],
          failures: progress.failures,
          cost: progress.cost,
          ...(progress.failure ? { failure: progress.failure } : {}),
        };
        await (await deps.stores.of(plan.place.store)).records.write(record);
      }),
    );
}

import {
  allHandlersFinished,
  ApplicationFailure,
  CancelledFailure,
  CancellationScope,
  condition,
  continueAsNew,
  workflowInfo,
} from '@temporalio/workflow';
import type { FailureName } from '../contracts/failures.ts';
import type { RunPlan, RunRequest, RunSummary } from '../contracts/run.ts';
import { storeActivities, wholeRunActivities } from './activity-proxies.ts';
import { namedFailure } from './run/named-failure.ts';
import { allShardsDone, nextShards, nextTailAtMs } from './run/next-shards.ts';
import { cancelledTotal, carry, measureFromHere, stateOf, type Carried } from './run/run-book.ts';
import { createRunDesk, type RunDesk } from './run/run-desk.ts';
import { createShardStarter, type ShardStarter } from './run/shard-starter.ts';

/** Parts are joined each time this many shards have ended. */
const ROLL_UP_EVERY = 100;

/** One run: freezes the source, starts a shard per window, checks the books. `second` is set by the run itself, never by people. */
export async function analyzeRun(request?: RunRequest, second?: Carried): Promise<RunSummary> {
  const carried = carriedOver(second);
  const root = CancellationScope.current();
  const desk = createRunDesk(carried);
  const summary = await CancellationScope.nonCancellable(async () => {
    root.cancelRequested.catch(() => desk.cancel());
    try {
      const plan = carried?.plan ?? (await prepare(desk, request, root));
      return await carryThrough(desk, plan, request);
    } catch (error) {
      throw await endFailed(desk, error);
    }
  });
  if (summary.state === 'cancelled') throw new CancelledFailure('the run was cancelled');
  return summary;
}

/** Only a run that continues itself has a second input. */
function carriedOver(second: Carried | undefined): Carried | undefined {
  if (workflowInfo().continuedFromExecutionRunId) return second;
  if (second === undefined) return undefined;
  const type: FailureName = 'InvalidRequest';
  throw ApplicationFailure.nonRetryable('A run has one input, a JSON object such as {"source":"photos"}.', type);
}

async function prepare(desk: RunDesk, request: RunRequest | undefined, root: CancellationScope): Promise<RunPlan> {
  const { workflowId, firstExecutionRunId, startTime } = workflowInfo();
  const scope = new CancellationScope();
  root.cancelRequested.catch(() => scope.cancel());
  const plan = await scope.run(() =>
    wholeRunActivities.prepareRun({
      runId: workflowId,
      executionId: firstExecutionRunId,
      request,
      startedAt: startTime.toISOString(),
    }),
  );
  desk.opened(plan);
  return plan;
}

async function carryThrough(desk: RunDesk, plan: RunPlan, request: RunRequest | undefined): Promise<RunSummary> {
  const starter = createShardStarter(desk, plan);
  let rolledUp = desk.book().shardsDone;
  let rolling: Promise<void> = Promise.resolve();
  desk.onCancel(() => starter.cancelAll());
  while (!isOver(desk)) {
    startShards(desk, starter);
    await desk.changed(waitMs(desk));
    if (desk.book().shardsDone - rolledUp >= ROLL_UP_EVERY) {
      rolledUp = desk.book().shardsDone;
      rolling = rolling.then(() => wholeRunActivities.rollUp({ plan }));
      rolling.catch(() => {});
    }
    starter.throwIfFatal();
    if (workflowInfo().continueAsNewSuggested) desk.update((book) => ({ ...book, draining: true }));
    const { draining, open } = desk.book();
    if (draining && open.size === 0 && !isOver(desk)) {
      await rolling;
      await condition(allHandlersFinished);
      // A cancellation may have come while we waited: nothing may be awaited between this look and the end.
      if (isOver(desk)) break;
      await continueAsNew<(request?: RunRequest, carried?: Carried) => Promise<RunSummary>>(
        request,
        carry(desk.book(), plan),
      );
    }
  }
  await rolling;
  return close(desk, plan);
}

/** Everything has an outcome, or the run was cancelled and nothing is under way. */
function isOver(desk: RunDesk): boolean {
  const book = desk.book();
  return allShardsDone(book) || (book.cancelling && book.open.size === 0);
}

function startShards(desk: RunDesk, starter: ShardStarter): void {
  const [next, starts] = nextShards(desk.book(), Date.now());
  desk.update(() => (starts.length > 0 ? measureFromHere(next, Date.now()) : next));
  for (const start of starts) starter.start(start);
}

/** How long nothing may happen before the next tail shard is due. */
function waitMs(desk: RunDesk): number | null {
  const book = desk.book();
  const atMs = nextTailAtMs(book);
  return atMs !== null && stateOf(book) === 'running' ? Math.max(1, atMs - Date.now()) : null;
}

async function close(desk: RunDesk, plan: RunPlan): Promise<RunSummary> {
  const { cancelling } = desk.book();
  if (!cancelling) desk.update((book) => ({ ...book, phase: 'verifying' }));
  const cancelled = cancelling ? cancelledTotal(desk.book(), plan.total) : 0;
  await wholeRunActivities.verifyRun({ plan, tally: desk.book().tally, cancelled });
  const state = cancelling ? 'cancelled' : 'completed';
  desk.update((book) => ({ ...book, phase: state }));
  const progress = desk.progress();
  await storeActivities.finishRun({ plan, executionId: workflowInfo().firstExecutionRunId, state, progress });
  return {
    runId: plan.runId,
    state,
    counts: progress.counts,
    failures: progress.failures,
    cost: progress.cost,
    place: plan.place,
  };
}

/** Records the failure of the run where there is a place for it, and says it in the words of the closed list. */
async function endFailed(desk: RunDesk, error: unknown): Promise<unknown> {
  const { plan, cancelling } = desk.book();
  if (!plan && cancelling) return new CancelledFailure('the run was cancelled');
  const failure = namedFailure(error);
  if (!failure) return error;
  desk.fail(failure);
  if (plan) {
    const executionId = workflowInfo().firstExecutionRunId;
    // It joins all that is committed first.
    await wholeRunActivities.finishRun({ plan, executionId, state: 'failed', progress: desk.progress() });
  }
  const type: FailureName = failure.name;
  return ApplicationFailure.create({ message: failure.message, type, nonRetryable: true, cause: error as Error });
}

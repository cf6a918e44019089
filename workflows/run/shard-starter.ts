import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  type ChildWorkflowOptions,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  ParentClosePolicy,
  startChild,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { FailureName } from '../../contracts/failures.ts';
import { shardName, shardWorkflowId } from '../../contracts/ids.ts';
import { setStateSignal } from '../../contracts/messages.ts';
import { RUN_PRIORITY } from '../../contracts/queues.ts';
import { countRows, subtractRanges } from '../../contracts/ranges.ts';
import { RUN_KEY } from '../../contracts/search-attributes.ts';
import type { RunPlan } from '../../contracts/run.ts';
import type { ShardInput, ShardResult } from '../../contracts/shard.ts';
import type { analyzeShard } from '../analyze-shard.ts';
import { controlActivities, storeActivities } from '../activity-proxies.ts';
import { dropShard, shardStateOf, takeResult, type ShardStart } from './run-book.ts';
import type { RunDesk } from './run-desk.ts';

/** A shard that an operator terminates is started again, this often. */
const MOST_RESTARTS = 3;

export interface ShardStarter {
  start(start: ShardStart): void;
  cancelAll(): void;
  /** Throws what a shard could not recover from. */
  throwIfFatal(): void;
}

/** Starts shards as children, tells them the state of the run, and books their results. */
export function createShardStarter(desk: RunDesk, plan: RunPlan): ShardStarter {
  const children = new CancellationScope();
  let fatal: { readonly error: unknown } | null = null;
  desk.onReasons(() => {
    for (const shard of desk.book().open.keys()) void tellState(shard);
  });

  return {
    start(start) {
      children
        .run(() => runToEnd(start))
        .catch((error: unknown) => {
          fatal ??= { error };
          children.cancel();
          desk.update((book) => ({ ...dropShard(book, start.shard), draining: true }));
        });
    },
    cancelAll() {
      children.cancel();
    },
    throwIfFatal() {
      if (fatal !== null && desk.book().open.size === 0) throw fatal.error;
    },
  };

  async function runToEnd(start: ShardStart): Promise<void> {
    for (let restarts = 0; ; restarts += 1) {
      try {
        const result = await runChild(start);
        desk.update((book) => takeResult(book, result, Date.now()));
        return;
      } catch (error) {
        if (isCancellation(error)) return bookCancelled(start);
        if (!wasStopped(error)) throw error;
        if (restarts === MOST_RESTARTS) throw stoppedTooOften(start.shard, restarts + 1);
        log.warn('a shard was stopped from outside and is started again', { shard: start.shard });
      }
    }
  }

  async function runChild(start: ShardStart): Promise<ShardResult> {
    const state = shardStateOf(desk.book());
    const workflowId = shardWorkflowId(plan.runId, start.shard);
    try {
      const child = await startChild<typeof analyzeShard>('analyzeShard', childOptions({ ...start, plan, state }));
      // A signal sent before the child existed was lost.
      if (desk.book().seq !== state.seq) void tellState(start.shard);
      return await child.result();
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return controlActivities.adoptShard({ workflowId });
      throw error;
    }
  }

  async function tellState(shard: number): Promise<void> {
    try {
      await CancellationScope.nonCancellable(() =>
        getExternalWorkflowHandle(shardWorkflowId(plan.runId, shard)).signal(setStateSignal, shardStateOf(desk.book())),
      );
    } catch {
      // Not started yet, or closed: it gets the state at its start, or needs none.
    }
  }

  /** The child never began, or was closed by the cancellation before it could answer: the store knows what is visible. */
  async function bookCancelled(start: ShardStart): Promise<void> {
    const { shard, ranges } = start;
    const { rows, tally } = await CancellationScope.nonCancellable(() =>
      storeActivities.reconcileShard({ place: plan.place, runId: plan.runId, shard }),
    );
    const unread = subtractRanges(ranges, rows);
    const result = { shard, tally, cancelled: countRows(unread), leftovers: [], unread, segments: 0 };
    desk.update((book) => takeResult(book, result, Date.now()));
  }
}

function stoppedTooOften(shard: number, times: number): ApplicationFailure {
  const type: FailureName = 'WorkerBug';
  return ApplicationFailure.nonRetryable(`${shardName(shard)} was stopped from outside ${times} times.`, type);
}

function wasStopped(error: unknown): boolean {
  if (!(error instanceof ChildWorkflowFailure)) return false;
  return error.cause instanceof TerminatedFailure || error.cause instanceof TimeoutFailure;
}

function childOptions(input: ShardInput): ChildWorkflowOptions & { args: [ShardInput] } {
  const { plan, shard, ranges, leftovers } = input;
  const handedBack = leftovers.length > 0 ? ' handed back' : '';
  return {
    workflowId: shardWorkflowId(plan.runId, shard),
    args: [input],
    // Completed shards are never run twice; one that was terminated may be, and finds what is visible already.
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    priority: { priorityKey: RUN_PRIORITY, fairnessKey: plan.runId },
    // What a killed worker costs a shard whose task it was working on; a cold shard of 500 replays in about 1.5 s.
    workflowTaskTimeout: '5 seconds',
    staticSummary: `${plan.runId}: ${countRows(ranges)} assets${handedBack} from row ${ranges[0]?.start ?? 0}`,
    ...(plan.searchAttributes ? { typedSearchAttributes: [{ key: RUN_KEY, value: plan.runId }] } : {}),
  };
}

import { RetryState, TimeoutType } from '@temporalio/common';
import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { isFailureName, type Failure } from '../../contracts/failures.ts';
import { WORKER_LOST, type CallDetail } from '../../contracts/lost-calls.ts';
import type { Spent } from '../../contracts/outcome.ts';
import type { ReturnCause } from './events.ts';

export type CallEnd =
  | { readonly kind: 'withdrawn' }
  | {
      readonly kind: 'returned';
      readonly cause: ReturnCause;
      readonly failure: Failure;
      readonly calls: number;
      readonly waitMs: number | null;
      readonly spent?: Spent;
    };

/** Reads why a call to an analyzer rejected. */
export function readFailure(error: unknown): CallEnd {
  if (isCancellation(error)) return { kind: 'withdrawn' };
  // A cancelled call that then failed arrives like this: its answer is in doubt, but it is no outcome.
  if (error instanceof ActivityFailure && error.retryState === RetryState.CANCEL_REQUESTED)
    return { kind: 'withdrawn' };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) return fromTimeout(cause);
  if (cause instanceof ApplicationFailure) return fromApplication(cause);
  return returned('failure', { name: 'WorkerBug', message: String(cause) }, 1, null);
}

function fromTimeout(cause: TimeoutFailure): CallEnd {
  if (cause.timeoutType === TimeoutType.SCHEDULE_TO_START) {
    const message = 'no worker took the call within an hour';
    return returned('not-started', { name: 'ModelOverloaded', message }, 0, null);
  }
  return returned('lost', { name: 'ModelOverloaded', message: 'the call did not come back in time' }, 1, null);
}

function fromApplication(cause: ApplicationFailure): CallEnd {
  const detail = cause.details?.[0] as CallDetail | undefined;
  if (cause.type === WORKER_LOST && detail?.begun === false) {
    return returned('not-started', { name: 'ModelOverloaded', message: cause.message }, detail.calls, null);
  }
  if (cause.type === WORKER_LOST) {
    return returned('lost', { name: 'ModelOverloaded', message: 'the worker was lost during the call' }, 1, null);
  }
  const name = isFailureName(cause.type) ? cause.type : 'WorkerBug';
  const end = returned('failure', { name, message: cause.message }, detail?.calls ?? 1, detail?.waitMs ?? null);
  return detail?.spent ? { ...end, spent: detail.spent } : end;
}

function returned(cause: ReturnCause, failure: Failure, calls: number, waitMs: number | null) {
  return { kind: 'returned', cause, failure, calls, waitMs } as const;
}

import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Failure, FailureName } from '../contracts/failures.ts';
import { SourceError } from '../sources/ports.ts';
import { StoreMismatchError, StoreRefusedError, StoreUnavailableError } from '../stores/ports.ts';

/** Ends an activity, and with it the run, with a failure of the closed list. */
export function finalFailure(name: FailureName, message: string, cause?: Error): ApplicationFailure {
  return ApplicationFailure.create({ message, type: name, nonRetryable: true, ...(cause ? { cause } : {}) });
}

export function throwFailure({ name, message }: Failure): never {
  throw finalFailure(name, message);
}

/** The one place where thrown errors of stores and sources become failures with a retry rule. */
export function toFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof StoreUnavailableError) {
    const { message, retryAfterMs } = error;
    const wait = retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs };
    return ApplicationFailure.create({ message, type: 'StoreUnavailable', cause: error, ...wait });
  }
  if (error instanceof StoreRefusedError) return finalFailure('InvalidRequest', error.message, error);
  if (error instanceof StoreMismatchError) return finalFailure('AccountingMismatch', error.message, error);
  if (error instanceof SourceError) {
    const nonRetryable = error.failure === 'InvalidRequest';
    return ApplicationFailure.create({ message: error.message, type: error.failure, nonRetryable, cause: error });
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  return finalFailure('WorkerBug', cause.message, cause);
}

/** Runs the body of an activity and translates what it throws. */
export async function translated<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw toFailure(error);
  }
}

/** The same for a run under way. */
export async function translatedUnderWay<T>(body: () => Promise<T>): Promise<T> {
  return translated(() => body().catch((error: unknown) => Promise.reject(underWay(error))));
}

/** A store that has taken a run, and now refuses it, may be mended: its dataset was dropped. What was paid for waits for that. */
export function underWay(error: unknown): unknown {
  if (!(error instanceof StoreRefusedError)) return error;
  const fix = 'What was there when the run began is not there now: bring it back and the run goes on.';
  return new StoreUnavailableError(`${fix} ${error.message}`, { cause: error });
}

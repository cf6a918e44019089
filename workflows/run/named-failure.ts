import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  ContinueAsNew,
  TemporalFailure,
} from '@temporalio/workflow';
import { isFailureName, type FailureName } from '../../contracts/failures.ts';

export interface NamedFailure {
  readonly name: FailureName;
  readonly message: string;
}

/** What ended a run, as a name of the closed list; null for what is not a failure but control flow of the SDK. */
export function namedFailure(error: unknown): NamedFailure | null {
  if (error instanceof ContinueAsNew || !(error instanceof TemporalFailure)) return null;
  let cause: unknown = error;
  while (cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) cause = cause.cause;
  if (cause instanceof ApplicationFailure && isFailureName(cause.type))
    return { name: cause.type, message: cause.message };
  const message = cause instanceof Error ? cause.message : String(cause);
  return { name: 'WorkerBug', message: message || 'the run failed without a message' };
}

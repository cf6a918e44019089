import { Context } from '@temporalio/activity';
import type { Turn } from '../analyzers/ports.ts';

/** A pause or cancellation reaches a call with its next heartbeat, and two seconds after it nothing may begin. */
const HEARTBEAT_WHILE_WAITING_MS = 1_500;

/** The call was still waiting when nothing new was to begin any more. */
export class NotBegunError extends Error {
  override readonly name = 'NotBegunError';
}

/** Has to be disposed of. */
export interface CallTurn extends Turn, Disposable {
  isWaiting(): boolean;
}

/**
 * The turn of the activity that this runs in. Waiting ends with a `NotBegunError` when its run is paused, beginning when the
 * worker was told to stop; a call that has begun may finish.
 */
export function openCallTurn(isStopping: () => boolean): CallTurn {
  const context = Context.current();
  // Most analyzers let no call wait, and this runs for each.
  let held: AbortController | undefined;
  let ticker: NodeJS.Timeout | undefined;
  const look = (): void => {
    if (context.cancellationDetails?.paused === true) {
      held?.abort(new NotBegunError('the run was paused before the call began'));
    }
  };
  const stopWaiting = (): void => {
    clearInterval(ticker);
    ticker = undefined;
    context.cancellationSignal.removeEventListener('abort', look);
  };
  return {
    wait() {
      held ??= new AbortController();
      ticker ??= setInterval(() => context.heartbeat(), HEARTBEAT_WHILE_WAITING_MS);
      context.cancellationSignal.addEventListener('abort', look);
      look();
      return held.signal;
    },
    begin() {
      stopWaiting();
      if (isStopping()) throw new NotBegunError('the worker stopped before the call began');
    },
    isWaiting: () => ticker !== undefined,
    [Symbol.dispose]: stopWaiting,
  };
}

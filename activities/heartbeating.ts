import { Context } from '@temporalio/activity';

const HEARTBEAT_EVERY_MS = 4_000;

/**
 * Runs `body` with a heartbeat every four seconds: shorter calls never heartbeat. The signal aborts when the work is no longer
 * wanted; holding an activity in a pause aborts Temporal's own signal too, and is ignored here: calls under way finish.
 */
export async function heartbeating<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const wanted = new AbortController();
  const giveUp = (): void => {
    const details = context.cancellationDetails;
    const onlyPaused = details?.paused === true && !details.cancelRequested && !details.workerShutdown;
    if (!onlyPaused && context.cancellationSignal.aborted) wanted.abort(context.cancellationSignal.reason);
  };
  const ticker = setInterval(() => {
    context.heartbeat();
    giveUp();
  }, HEARTBEAT_EVERY_MS);
  context.cancellationSignal.addEventListener('abort', giveUp);
  try {
    return await body(wanted.signal);
  } finally {
    clearInterval(ticker);
    context.cancellationSignal.removeEventListener('abort', giveUp);
  }
}

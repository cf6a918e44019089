import pLimit from 'p-limit';
import { untilAborted } from './until-aborted.ts';

/** Runs a call when it is its turn; throws the reason of the signal as soon as that aborts, and then never begins it. */
export type TakeTurns = <T>(call: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** At most `atOnce` calls at a time, in the order in which they come. */
export function createTurns(atOnce: number): TakeTurns {
  const limit = pLimit(atOnce);
  return (call, signal) => {
    const turn = limit(() => {
      signal.throwIfAborted();
      return call();
    });
    return untilAborted(turn, signal);
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ServerProcess } from './start-process.ts';

const START_TIMEOUT_MS = 60_000;

/** What `ready` resolves with; ends the server and throws when it dies before, or takes longer than a minute. */
export async function untilReady<T>(name: string, server: ServerProcess, ready: Promise<T>): Promise<T> {
  const gaveUp = new AbortController();
  const late = delay(START_TIMEOUT_MS, undefined, { signal: gaveUp.signal }).then(() => {
    throw new Error(`no answer within ${START_TIMEOUT_MS / 1000} s`);
  });
  const death = server.exited.then(() => {
    throw new Error('it ended by itself');
  });
  // Whoever loses the race rejects later, with nobody listening.
  late.catch(() => {});
  death.catch(() => {});
  try {
    return await Promise.race([ready, death, late]);
  } catch (cause) {
    await server.kill();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${name} did not start: ${why}\n${server.logTail()}`.trimEnd(), { cause });
  } finally {
    gaveUp.abort();
  }
}

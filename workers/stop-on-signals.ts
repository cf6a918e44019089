import type { RunningWorker } from './start-worker.ts';

/** Stops the worker at the first SIGINT or SIGTERM; later ones change nothing: the grace time ends it. */
export function stopOnSignals(worker: RunningWorker): void {
  // Whoever awaits `stopped` hears why it failed.
  const stop = (): void => void worker.stop().catch(() => undefined);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}

import { formatDuration } from './duration.ts';

interface Span {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** `started 2026-02-03 04:05:06 UTC, took 3 min 20 s`; `shown` is the start as people are to read it. */
export function runTime({ startedAt, endedAt }: Span, shown: string): string {
  const started = `started ${shown}`;
  if (endedAt === null) return started;
  return `${started}, took ${formatDuration(Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)))}`;
}

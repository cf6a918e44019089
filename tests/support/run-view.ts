import type { RunView } from '../../client/run-view.ts';
import { blankCounts, type Counts } from '../../contracts/run.ts';

/** Counts that are 0 where nothing else is said. */
export function countsOf(counts: Partial<Counts>): Counts {
  return { ...blankCounts(0), ...counts };
}

/** A run of which a worker has just told. */
export function runView(state: RunView['state'], counts: Partial<Counts> = {}): RunView {
  return {
    runId: 'a-run',
    name: 'a-run',
    state,
    reasons: [],
    notes: [],
    counts: countsOf(counts),
    failures: {},
    cost: { spentUsd: 0, unknown: 0 },
    ratePerMinute: null,
    etaSeconds: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    shards: { running: 0, done: 0, total: 1 },
    seenIn: 'live',
    stale: false,
    endedAt: null,
  };
}

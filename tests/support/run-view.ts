import type { RunView } from '../../client/run-view.ts';
import type { Counts } from '../../contracts/run.ts';

const NOTHING: Counts = {
  total: 0,
  succeeded: 0,
  not_visible: 0,
  failed: 0,
  blocked: 0,
  skipped: 0,
  cancelled: 0,
  in_flight: 0,
  pending: 0,
  reused: 0,
};

/** Counts that are 0 where nothing else is said. */
export function countsOf(counts: Partial<Counts>): Counts {
  return { ...NOTHING, ...counts };
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

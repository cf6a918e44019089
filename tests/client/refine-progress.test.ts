import { expect, test } from 'vitest';
import { refineProgress } from '../../client/refine-progress.ts';
import { countsOf, type RunSnapshot, type ShardReport } from '../../contracts/messages.ts';
import { addOutcome, addTallies, EMPTY_TALLY, NO_USAGE, type Tally } from '../../contracts/outcome.ts';

const good = { kind: 'succeeded', usage: NO_USAGE, costUsd: 0.5, reused: false, modelVersion: '1' } as const;
const bad = { ...good, kind: 'skipped', costUsd: null, failure: { name: 'ImageMissing', message: '' } } as const;

const NOW_MS = Date.parse('2026-01-01T00:01:00Z');

function tally(succeeded: number, skipped = 0): Tally {
  let sum = EMPTY_TALLY;
  for (let index = 0; index < succeeded; index++) sum = addOutcome(sum, good);
  for (let index = 0; index < skipped; index++) sum = addOutcome(sum, bad);
  return sum;
}

function report(shard: number, of: Tally, inFlight: number): ShardReport {
  return { shard, seq: 0, tally: of, inFlight, gate: 'open' };
}

function snapshot(done: Tally, open: RunSnapshot['open'], total = 100): RunSnapshot {
  const live = open.reduce((sum, { report: known }) => (known ? addTallies(sum, known.tally) : sum), done);
  const inFlight = open.reduce((sum, { report: known }) => sum + (known?.inFlight ?? 0), 0);
  return {
    open,
    samples: [],
    progress: {
      runId: 'a-run',
      name: 'a-run',
      state: 'running',
      reasons: [],
      notes: [],
      counts: countsOf(live, total, inFlight, 0),
      failures: live.failures,
      cost: { spentUsd: live.costUsd, unknown: live.unknownCost },
      ratePerMinute: null,
      etaSeconds: null,
      startedAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      shards: { running: open.length, done: 1, total: 4 },
    },
  };
}

test('puts fresher reports in the place of those that the run knew', () => {
  const known = snapshot(tally(10), [
    { shard: 1, report: report(1, tally(3, 1), 5) },
    { shard: 2, report: null },
  ]);
  const refined = refineProgress(known, [report(1, tally(8, 2), 4), report(2, tally(1), 6)], NOW_MS);
  expect(refined.counts).toMatchObject({ total: 100, succeeded: 19, skipped: 2, in_flight: 10, pending: 69 });
  expect(refined.failures).toEqual({ ImageMissing: 2 });
  expect(refined.cost).toEqual({ spentUsd: 9.5, unknown: 2 });
});

test('keeps what the run knew when a shard does not answer or answers with less', () => {
  const known = snapshot(tally(10), [{ shard: 1, report: report(1, tally(5), 5) }]);
  expect(refineProgress(known, [], NOW_MS).counts).toEqual(known.progress.counts);
  expect(refineProgress(known, [report(1, tally(4), 6)], NOW_MS).counts).toEqual(known.progress.counts);
});

test('ignores shards that the run does not count as open', () => {
  const known = snapshot(tally(10), [{ shard: 1, report: report(1, tally(5), 5) }]);
  expect(refineProgress(known, [report(7, tally(50), 1)], NOW_MS).counts).toEqual(known.progress.counts);
});

test('changes nothing when no shard is open', () => {
  const known = snapshot(tally(10), []);
  expect(refineProgress(known, [], NOW_MS)).toBe(known.progress);
});

test('keeps the sum of all counts equal to the total', () => {
  const known = snapshot(tally(40), [{ shard: 1, report: report(1, tally(30), 50) }]);
  const { counts } = refineProgress(known, [report(1, tally(55), 50)], NOW_MS);
  const { total, reused, ...parts } = counts;
  expect(reused).toBe(0);
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(total);
});

test('measures the rate up to now, not up to the last report', () => {
  const known = snapshot(tally(10), [{ shard: 1, report: report(1, tally(5), 5) }]);
  const samples = [
    { atMs: NOW_MS - 60_000, done: 0 },
    { atMs: NOW_MS - 50_000, done: 15 },
  ];
  const { ratePerMinute, etaSeconds } = refineProgress({ ...known, samples }, [report(1, tally(20), 5)], NOW_MS);
  expect(ratePerMinute).toBeCloseTo(30);
  expect(etaSeconds?.low).toBeLessThan(140);
  expect(etaSeconds?.high).toBeGreaterThan(140);
});

import { countsOf, type RunSnapshot, type ShardReport } from '../contracts/messages.ts';
import { addTallies, EMPTY_TALLY, tallyTotal, type Tally } from '../contracts/outcome.ts';
import { addSample, estimateRate, type RateEstimate } from '../contracts/rate.ts';
import type { Progress } from '../contracts/run.ts';

/**
 * Puts fresher shard reports in the place of those that a run knew when it was asked: a run hears of its shards only now and
 * then. A report that is older than the run's own changes nothing.
 */
export function refineProgress(snapshot: RunSnapshot, fresh: readonly ShardReport[], nowMs: number): Progress {
  const { progress, open } = snapshot;
  const byShard = new Map(fresh.map((report) => [report.shard, report]));
  const newest = open.map(({ shard, report }) => newer(report, byShard.get(shard)));
  if (newest.length === 0) return progress;
  const before = sum(open.map(({ report }) => report));
  const after = sum(newest);
  const change = subtract(after, before);
  const { counts } = progress;
  const tally: Tally = addTallies(change, {
    ...EMPTY_TALLY,
    counts,
    reused: counts.reused,
    failures: progress.failures,
    costUsd: progress.cost.spentUsd,
    unknownCost: progress.cost.unknown,
  });
  const inFlight = newest.reduce((total, report) => total + (report?.inFlight ?? 0), 0);
  const refined = countsOf(tally, counts.total, inFlight, counts.cancelled);
  return {
    ...progress,
    ...rateNow(snapshot, tallyTotal(tally), refined.pending + refined.in_flight, nowMs),
    counts: refined,
    failures: Object.fromEntries(Object.entries(tally.failures).filter(([, count]) => count > 0)),
    cost: { spentUsd: tally.costUsd, unknown: tally.unknownCost },
  };
}

/** The clock of a workflow stands still between its tasks, and a rate that was measured then grows old. */
function rateNow({ progress, samples }: RunSnapshot, done: number, left: number, nowMs: number): Partial<RateEstimate> {
  if (progress.state !== 'running' || left === 0 || samples.length === 0) return {};
  return estimateRate(addSample(samples, { atMs: nowMs, done }), left, nowMs);
}

function newer(known: ShardReport | null, fresh: ShardReport | undefined): ShardReport | null {
  if (!fresh) return known;
  return known && tallyTotal(fresh.tally) < tallyTotal(known.tally) ? known : fresh;
}

function sum(reports: readonly (ShardReport | null)[]): Tally {
  return reports.reduce((total, report) => (report ? addTallies(total, report.tally) : total), EMPTY_TALLY);
}

function subtract(a: Tally, b: Tally): Tally {
  const minus = <Key extends string>(record: Readonly<Partial<Record<Key, number>>>) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, -Number(value)]));
  return addTallies(a, {
    counts: minus(b.counts) as Tally['counts'],
    reused: -b.reused,
    failures: minus(b.failures),
    usage: minus({ ...b.usage }) as unknown as Tally['usage'],
    costUsd: -b.costUsd,
    unknownCost: -b.unknownCost,
  });
}

import { countsOf } from '../../contracts/messages.ts';
import { estimateRate } from '../../contracts/rate.ts';
import type { Tally } from '../../contracts/outcome.ts';
import type { Progress } from '../../contracts/run.ts';
import { cancelledTotal, liveTally, stateOf, type RunBook } from './run-book.ts';
import { countShards } from './shard-sizes.ts';

export interface ProgressContext {
  readonly runId: string;
  readonly startedAt: string;
  readonly nowMs: number;
  readonly failure?: Progress['failure'];
}

/** Where the run stands: what the `progress` query answers, what the memo keeps, what the record gets. */
export function progressOf(book: RunBook, context: ProgressContext): Progress {
  const { plan } = book;
  const total = plan?.total ?? 0;
  const tally = liveTally(book);
  const inFlight = [...book.open.values()].reduce((sum, { report }) => sum + (report?.inFlight ?? 0), 0);
  const ended = book.phase === 'cancelled';
  const cancelled = ended ? cancelledTotal(book, total) : book.cancelledRows;
  const counts = countsOf(tally, total, inFlight, cancelled);
  const left = counts.pending + counts.in_flight;
  const rate = estimateRate(book.samples, left, context.nowMs);
  const progress: Progress = {
    runId: context.runId,
    name: plan?.request.name ?? context.runId,
    state: stateOf(book),
    // A pause that came too late has changed nothing.
    reasons: book.phase === 'running' || book.phase === 'preparing' ? book.reasons : [],
    notes: [...book.notes, ...versionNotes(tally)],
    counts,
    failures: tally.failures,
    cost: { spentUsd: tally.costUsd, unknown: tally.unknownCost },
    ratePerMinute: left === 0 ? null : rate.ratePerMinute,
    etaSeconds: left === 0 ? null : rate.etaSeconds,
    startedAt: context.startedAt,
    updatedAt: new Date(context.nowMs).toISOString(),
    shards: { running: book.open.size, done: book.shardsDone, total: shardTotal(book, total) },
    ...(plan && plan.place.store.kind !== 'parquet' && { store: plan.place.store }),
  };
  return context.failure ? { ...progress, failure: context.failure } : progress;
}

/** A provider may replace a model in the middle of a run; then its answers are not of one kind. */
function versionNotes({ versions = [] }: Tally): readonly string[] {
  if (versions.length < 2) return [];
  return [
    `More than one version of the model answered: ${versions.join(', ')}. Compare them by the column model_version.`,
  ];
}

/** Shards that there will be: those there were, the windows still to come, and one tail for what was handed back. */
function shardTotal(book: RunBook, total: number): number {
  const windows = book.plan ? countShards(book.plan, total - book.nextRow) : 0;
  return book.nextShard + windows + (book.leftovers.length > 0 ? 1 : 0);
}

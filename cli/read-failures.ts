import type { Sightline } from '../client/main.ts';
import { failureRule, isFailureName, type FailureName, type FailureOwner } from '../contracts/failures.ts';
import type { Progress } from '../contracts/run.ts';
import { failureSampleOf, type FailureSample } from './failure-sample.ts';

/** As many as a summary names. */
export const MOST_SAMPLES = 60;

/** Why assets of a run have no answer. */
export interface Failures {
  /** Rows that are visible; `total` is the number of assets of the run. */
  readonly rows: number;
  readonly total: number;
  /** Of the run itself. */
  readonly failure: Progress['failure'] | null;
  readonly causes: readonly Cause[];
}

/** One cause, as `--json` shows it. */
export interface Cause {
  readonly name: FailureName;
  readonly count: number;
  /** Of all assets of the run, 0 to 1. */
  readonly share: number;
  readonly owner: FailureOwner;
  readonly sentence: string;
  readonly hint: string;
  /** False when the same call would surely end the same way. */
  readonly retryHelps: boolean;
  readonly samples: readonly FailureSample[];
}

/** Reads the rows that are visible, most frequent cause first, each with at most `samples` assets. Throws `RunNotFound`. */
export async function readFailures(sightline: Sightline, runId: string, samples: number): Promise<Failures> {
  const record = await sightline.record(runId);
  if (!record) {
    // Throws when there is no such run at all.
    const { counts, failure } = await sightline.progress(runId);
    return { rows: 0, total: counts.total, failure: failure ?? null, causes: [] };
  }
  const summary = await sightline.summary(runId, []);
  const { total } = record.plan;
  const causes: Cause[] = [];
  for (const group of summary?.failures ?? []) {
    if (!isFailureName(group.name)) throw new Error(`a row of ${runId} has the unknown failure ${group.name}`);
    const numbers = group.samples.slice(0, samples);
    const shown = await sightline.results(runId, { rows: numbers, limit: MOST_SAMPLES });
    causes.push(toCause(group.name, group.rows, total, shown.map(failureSampleOf)));
  }
  return { rows: summary?.rows ?? 0, total, failure: record.failure ?? null, causes };
}

function toCause(name: FailureName, count: number, total: number, samples: readonly FailureSample[]): Cause {
  const { owner, sentence, hint, retry } = failureRule(name);
  const share = Math.round((count / Math.max(total, 1)) * 10_000) / 10_000;
  return { name, count, share, owner, sentence, hint, retryHelps: retry !== 'never', samples };
}

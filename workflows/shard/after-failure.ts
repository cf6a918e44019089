import { failureRule, type Failure } from '../../contracts/failures.ts';
import { addSpent, type Spent } from '../../contracts/outcome.ts';
import type { RowCase } from '../../contracts/shard.ts';
import type { ReturnCause } from './events.ts';

/**
 * After this many lost calls an asset is taken to be what kills its workers. Each costs a worker and the calls beside it, so
 * they are few; that one call is under way in five workers that die of something else is unlikely.
 */
export const MOST_LOST_CALLS = 5;
/** Longest wait of an asset that was lost twice; three times as long each time after that. */
const FIRST_SCATTER_MS = 5_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;

export type NextStep =
  | { readonly kind: 'again'; readonly waitMs: number; readonly next: RowCase }
  | { readonly kind: 'give-up'; readonly failure: Failure; readonly next: RowCase }
  /** Not the asset is wrong but what all of them need: the run fails rather than make rows of it. */
  | { readonly kind: 'fail-shard'; readonly failure: Failure }
  | {
      readonly kind: 'stop-run';
      readonly reason: 'quota' | 'credentials';
      readonly why: string;
      readonly next: RowCase;
    };

export interface ReturnedCall {
  readonly cause: ReturnCause;
  readonly failure: Failure;
  /** Calls that were started under this dispatch. */
  readonly calls: number;
  /** The wait that the model named, in ms. */
  readonly waitMs: number | null;
  /** What was paid for an answer that cannot be used. */
  readonly spent?: Spent;
  readonly nowMs: number;
}

/** Decides whether a row that came back without an outcome is tried again, and when. */
export function afterFailure(row: RowCase, call: ReturnedCall): NextStep {
  const next: RowCase = {
    ...row,
    attempts: row.attempts + call.calls,
    lost: row.lost + (call.cause === 'lost' ? 1 : 0),
    firstFailedAtMs: row.firstFailedAtMs ?? (call.cause === 'failure' ? call.nowMs : null),
    ...(call.spent && { spent: row.spent ? addSpent(row.spent, call.spent) : call.spent }),
  };
  if (call.cause === 'not-started') return { kind: 'again', waitMs: 0, next };
  if (call.cause === 'lost') return afterLoss(next);
  const { name, message: why } = call.failure;
  if (name === 'QuotaExhausted') return { kind: 'stop-run', reason: 'quota', why, next };
  if (name === 'CredentialsRejected') return { kind: 'stop-run', reason: 'credentials', why, next };
  return afterNamedFailure(next, call);
}

function afterLoss(next: RowCase): NextStep {
  if (next.lost < MOST_LOST_CALLS) return { kind: 'again', waitMs: scatterMs(next), next };
  const message = `the worker was lost ${next.lost} times while it analysed this asset`;
  return { kind: 'give-up', failure: { name: 'WorkerBug', message }, next };
}

/**
 * A worker that is lost once was mostly replaced: its calls start again at once. From the second time on they are scattered,
 * or the neighbours of an asset that kills its workers would die with it until they are given up too.
 */
function scatterMs({ row, lost }: RowCase): number {
  if (lost < 2) return 0;
  return Math.round(FIRST_SCATTER_MS * 3 ** (lost - 2) * shareOf(row, lost));
}

/** From 0 to 1, far apart for neighbouring rows, another each time. */
function shareOf(row: number, round: number): number {
  return ((row + 1) * round * GOLDEN_RATIO) % 1;
}

const GOLDEN_RATIO = 0.618_033_988_75;

function afterNamedFailure(next: RowCase, call: ReturnedCall): NextStep {
  const { retry, outcome } = failureRule(call.failure.name);
  const giveUp: NextStep =
    outcome === 'none'
      ? { kind: 'fail-shard', failure: call.failure }
      : { kind: 'give-up', failure: call.failure, next };
  if (retry === 'never') return giveUp;
  if (retry === 'once')
    return next.askedAgain ? giveUp : { kind: 'again', waitMs: 0, next: { ...next, askedAgain: true } };
  const waitMs = Math.max(call.waitMs ?? 0, backoffMs(next.attempts - next.lost));
  const failingForMs = call.nowMs - (next.firstFailedAtMs ?? call.nowMs);
  return failingForMs + waitMs > retry.forMs ? giveUp : { kind: 'again', waitMs, next };
}

function backoffMs(attempts: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, attempts - 1));
}

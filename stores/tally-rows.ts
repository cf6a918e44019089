import type { FailureName } from '../contracts/failures.ts';
import { EMPTY_TALLY, addOutcome } from '../contracts/outcome.ts';
import type { OutcomeKind, Tally } from '../contracts/outcome.ts';

/** What counts in a row of results; keys are columns. */
export interface CountedRow {
  readonly row_number: number;
  readonly outcome: string;
  readonly failure: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly thinking_tokens: number;
  readonly cached_tokens: number;
  readonly cost_usd: number | null;
  readonly reused: boolean;
  readonly model_version: string;
}

/** What rows add up to. */
export function tallyRows(rows: readonly CountedRow[]): Tally {
  return rows.reduce(
    (tally, row) =>
      addOutcome(tally, {
        // Both were checked when the row was staged.
        kind: row.outcome as OutcomeKind,
        ...(row.failure === null ? {} : { failure: { name: row.failure as FailureName, message: '' } }),
        usage: {
          inputTokens: row.input_tokens,
          outputTokens: row.output_tokens,
          thinkingTokens: row.thinking_tokens,
          cachedTokens: row.cached_tokens,
        },
        costUsd: row.cost_usd,
        reused: row.reused,
        modelVersion: row.model_version,
      }),
    EMPTY_TALLY,
  );
}

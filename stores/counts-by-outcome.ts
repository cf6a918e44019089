import { EMPTY_TALLY, OUTCOME_KINDS, type Tally } from '../contracts/outcome.ts';

/** Rows of each outcome, 0 where a store gives no group; groups of words that are no outcome are left out. */
export function countsByOutcome(groups: Iterable<readonly [unknown, number]>): Tally['counts'] {
  const found = new Map<unknown, number>(groups);
  const given = OUTCOME_KINDS.filter((kind) => found.has(kind));
  return { ...EMPTY_TALLY.counts, ...Object.fromEntries(given.map((kind) => [kind, found.get(kind)])) };
}

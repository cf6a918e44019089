import type { Limits, RunPlan } from '../../contracts/run.ts';

/** A shard costs about what these rows do. */
const SMALLEST = 25;

/** Whether the shards that open a run, or open it again after a pause, are to be of different size: enough rows have to follow. */
export function isStaggered(plan: RunPlan, rowsLeft: number): boolean {
  return plan.isStaggered === true && rowsLeft > manyRows(plan);
}

/** Rows of the shard at this place among those that open together: those that end together leave calls free until others have begun. */
export function openingSize({ limits }: RunPlan, index: number): number {
  return steps(limits, index + 1);
}

/**
 * Rows of the next shard. The last ones of a large run become smaller step by step, as the first ones become larger: begun one
 * after another, they end together, and the run does not wait for the last few of them with most calls free.
 */
export function nextSize(plan: RunPlan, rowsLeft: number): number {
  const { limits } = plan;
  if (plan.isStaggered !== true || plan.total <= manyRows(plan)) return limits.shardSize;
  // As many as there are when each has one step less than the one before: rowsLeft = step * (1 + 2 + ... + shards).
  const shards = (Math.sqrt(1 + (8 * rowsLeft) / stepOf(limits)) - 1) / 2;
  return steps(limits, shards);
}

/** How many shards these rows will be. */
export function countShards(plan: RunPlan, rowsLeft: number): number {
  let shards = 0;
  for (let left = rowsLeft; left > 0; left -= nextSize(plan, left)) shards += 1;
  return shards;
}

function steps(limits: Limits, count: number): number {
  return Math.min(limits.shardSize, Math.max(Math.ceil(stepOf(limits) * count), SMALLEST));
}

function stepOf({ shardSize, shardsInFlight }: Limits): number {
  return shardSize / shardsInFlight;
}

function manyRows({ limits: { shardSize, shardsInFlight } }: RunPlan): number {
  return 2 * shardsInFlight * shardSize;
}

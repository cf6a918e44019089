import type { RunPlan } from '../../contracts/run.ts';

/** A shard costs about what these rows do. */
const SMALLEST_OPENING = 25;

/** Whether the shards that open a run, or open it again after a pause, are to be of different size: enough rows have to follow. */
export function isStaggered(plan: RunPlan, rowsLeft: number): boolean {
  return plan.isStaggered === true && rowsLeft > manyRows(plan);
}

/** Rows of the shard at this place among those that open together: shards that end together leave calls free until others have begun. */
export function openingSize({ limits: { shardSize, shardsInFlight } }: RunPlan, index: number): number {
  const size = Math.ceil((shardSize * (index + 1)) / shardsInFlight);
  return Math.min(shardSize, Math.max(size, SMALLEST_OPENING));
}

/**
 * Rows of the next shard. The last ones of a large run are the smaller the fewer rows are left, or it would wait for a few of
 * them; below what a shard has in flight at once nothing more would be won.
 */
export function nextSize(plan: RunPlan, rowsLeft: number): number {
  const { shardSize, shardsInFlight, assetsInFlight } = plan.limits;
  if (plan.isStaggered !== true || plan.total <= manyRows(plan)) return shardSize;
  return Math.min(shardSize, Math.max(assetsInFlight, Math.ceil(rowsLeft / shardsInFlight)));
}

/** How many shards these rows will be. */
export function countShards(plan: RunPlan, rowsLeft: number): number {
  let shards = 0;
  for (let left = rowsLeft; left > 0; left -= nextSize(plan, left)) shards += 1;
  return shards;
}

function manyRows({ limits: { shardSize, shardsInFlight } }: RunPlan): number {
  return 2 * shardsInFlight * shardSize;
}

/** A run id is its workflow id: 3 to 63 characters. */
export const RUN_ID_PATTERN = /^[a-z0-9][a-z0-9-]{2,62}$/;

export function isRunId(id: string): boolean {
  return RUN_ID_PATTERN.test(id);
}

/** Workflow id of a shard; sorts by number. */
export function shardWorkflowId(runId: string, shard: number): string {
  return `${runId}/${shardName(shard)}`;
}

/** `shard-000042` */
export function shardName(shard: number): string {
  return `shard-${String(shard).padStart(6, '0')}`;
}

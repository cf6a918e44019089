import { setTimeout as delay } from 'node:timers/promises';
import type { HoldResult } from '../contracts/activities.ts';
import type { ShardResult } from '../contracts/shard.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';

const LOOK_EVERY_MS = 250;

export function createHoldCalls({ temporal }: ActivityDeps) {
  return async ({ workflowId }: { workflowId: string }): Promise<HoldResult> => ({
    supported: await temporal.pauseCalls(workflowId),
  });
}

export function createAwaitHeldCalls({ temporal }: ActivityDeps) {
  return ({ workflowId }: { workflowId: string }): Promise<void> =>
    heartbeating(async (signal) => {
      while ((await temporal.callsUnderWay(workflowId)) > 0) await delay(LOOK_EVERY_MS, undefined, { signal });
    });
}

export function createReleaseCalls({ temporal }: ActivityDeps) {
  return ({ workflowId }: { workflowId: string }): Promise<void> => temporal.unpauseCalls(workflowId);
}

export function createRequestCancel({ temporal }: ActivityDeps) {
  return ({ workflowId }: { workflowId: string }): Promise<void> => temporal.cancel(workflowId);
}

export function createAdoptShard({ temporal }: ActivityDeps) {
  return ({ workflowId }: { workflowId: string }): Promise<ShardResult> =>
    heartbeating((signal) => temporal.shardResult(workflowId, signal));
}

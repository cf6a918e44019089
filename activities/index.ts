import type { LaneActivities, RunActivities } from '../contracts/activities.ts';
import { createSpecStore } from './analysis-spec.ts';
import { createAnalyzeAsset } from './analyze-asset.ts';
import { createAssetCache } from './asset-cache.ts';
import { createFinishRun, createRollUp, createVerifyRun } from './close-run.ts';
import {
  createAdoptShard,
  createAwaitHeldCalls,
  createHoldCalls,
  createReleaseCalls,
  createRequestCancel,
} from './control-calls.ts';
import type { ActivityDeps } from './deps.ts';
import { createPrepareOne } from './prepare-one.ts';
import { createPrepareRun } from './prepare-run.ts';
import { createCommitRows, createReadPage, createReconcileShard, createStageRows } from './shard-activities.ts';

export interface Activities {
  /** For the run queue. */
  readonly run: RunActivities;
  /** For each lane. */
  readonly lane: LaneActivities;
}

/** All activities of a worker over its dependencies. */
export function createActivities(deps: ActivityDeps): Activities {
  const specs = createSpecStore();
  const cache = createAssetCache();
  return {
    run: {
      prepareRun: createPrepareRun(deps, specs),
      prepareOne: createPrepareOne(deps, specs),
      reconcileShard: createReconcileShard(deps, cache),
      readPage: createReadPage(deps, cache),
      stageRows: createStageRows(deps, specs, cache),
      commitRows: createCommitRows(deps, specs),
      rollUp: createRollUp(deps, specs),
      verifyRun: createVerifyRun(deps, specs),
      finishRun: createFinishRun(deps, specs),
      holdCalls: createHoldCalls(deps),
      awaitHeldCalls: createAwaitHeldCalls(deps),
      releaseCalls: createReleaseCalls(deps),
      adoptShard: createAdoptShard(deps),
      requestCancel: createRequestCancel(deps),
    },
    lane: { analyzeAsset: createAnalyzeAsset(deps, specs) },
  };
}

import { workflowInfo } from '@temporalio/workflow';
import type { AnalyzeOneInput } from '../contracts/activities.ts';
import type { Outcome } from '../contracts/outcome.ts';
import { PERSON_PRIORITY } from '../contracts/queues.ts';
import { controlActivities, laneActivities } from './activity-proxies.ts';

/** One asset now, outside any run: somebody waits for it, so it goes before the assets of runs. */
export async function analyzeOne(input: AnalyzeOneInput): Promise<Outcome> {
  const { workflowId } = workflowInfo();
  const { lane, ...frozen } = await controlActivities.prepareOne(input);
  const asset = { row: -1, assetId: input.assetId ?? workflowId, images: input.images, attributes: {} };
  return laneActivities(lane, workflowId, PERSON_PRIORITY).analyzeAsset({
    runId: workflowId,
    shard: -1,
    ...frozen,
    asset,
    priorAttempts: 0,
  });
}

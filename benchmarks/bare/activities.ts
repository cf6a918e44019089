import { activityInfo } from '@temporalio/activity';
import type { LaneActivities } from '../../contracts/activities.ts';
import { NO_USAGE } from '../../contracts/outcome.ts';

/** What the noop analyzer answers to the prompt `photo-quality`. */
const FINDINGS = {
  sharpness: 0,
  brightness: 0,
  contrast: 0,
  exposure: 'under',
  blurred: true,
  usable: true,
  issues: [],
};

/** Does nothing, and says so in as many bytes as Sightline's own activity. */
export const bareActivities: LaneActivities = {
  async analyzeAsset({ asset, priorAttempts }) {
    return {
      row: asset.row,
      assetId: asset.assetId,
      kind: 'succeeded',
      usage: NO_USAGE,
      costUsd: 0,
      model: 'noop',
      modelVersion: 'noop-1',
      attempts: priorAttempts + activityInfo().attempt,
      reused: false,
      latencyMs: 0,
      analyzedAt: new Date().toISOString(),
      findings: FINDINGS,
    };
  },
};

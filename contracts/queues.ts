/** Workflows, and the activities that prepare, read, stage, commit and verify. */
export const RUN_QUEUE = 'sightline';

const LANE_QUEUE_PREFIX = 'sightline-lane-';

/** Task queue of a lane: analysis only. */
export function laneQueue(lane: string): string {
  return `${LANE_QUEUE_PREFIX}${lane}`;
}

/** Priority of runs, and of a person who waits for one asset; lower goes first. */
export const RUN_PRIORITY = 3;
export const PERSON_PRIORITY = 1;

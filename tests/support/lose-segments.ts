import type { Activities } from '../../activities/index.ts';

/** The first two segments of each shard are lost: one when its second batch is staged, one when it is committed. */
export function loseSegments({ run, lane }: Activities): Activities {
  return {
    lane,
    run: {
      ...run,
      stageRows: (input) =>
        input.segment.number === 0 && input.offset > 0 ? Promise.resolve({ lost: true }) : run.stageRows(input),
      commitRows: (input) => (input.segment.number < 2 ? Promise.resolve({ lost: true }) : run.commitRows(input)),
    },
  };
}

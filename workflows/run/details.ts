import type { Progress } from '../../contracts/run.ts';

/** What the Temporal Web UI shows under "current details" of a run. */
export function runDetails(progress: Progress): string {
  const { counts, cost } = progress;
  const reasons = progress.reasons.length > 0 ? ` (${progress.reasons.join(', ')})` : '';
  const spent =
    cost.unknown > 0 ? `$${cost.spentUsd.toFixed(4)} and ${cost.unknown} unknown` : `$${cost.spentUsd.toFixed(4)}`;
  return [
    `**${progress.name}** is ${progress.state}${reasons}: ${counts.total - counts.pending - counts.in_flight} of ${counts.total} assets.`,
    '',
    '| succeeded | not visible | failed | blocked | skipped | cancelled | in flight | pending | cost |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    `| ${counts.succeeded} | ${counts.not_visible} | ${counts.failed} | ${counts.blocked} | ${counts.skipped} | ${counts.cancelled} | ${counts.in_flight} | ${counts.pending} | ${spent} |`,
    '',
    ...failureLines(progress),
    ...progress.notes.map((note) => `- ${note}`),
    '',
    `More: \`sightline runs show ${progress.runId}\``,
  ].join('\n');
}

function failureLines(progress: Progress): string[] {
  return Object.entries(progress.failures).map(([name, count]) => `- ${name}: ${count}`);
}

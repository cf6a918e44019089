import { doneCount, type Progress } from '../../contracts/run.ts';

/** What the Temporal Web UI shows under "current details" of a run. */
export function runDetails(progress: Progress): string {
  const { counts, cost } = progress;
  const reasons = progress.reasons.length > 0 ? ` (${progress.reasons.join(', ')})` : '';
  const spent =
    cost.unknown > 0 ? `$${cost.spentUsd.toFixed(4)} and ${cost.unknown} unknown` : `$${cost.spentUsd.toFixed(4)}`;
  return [
    `**${progress.name}** is ${progress.state}${reasons}: ${doneCount(counts)} of ${counts.total} assets, ${spent}.`,
    '',
    '| assets | |',
    '| --- | ---: |',
    ...ROWS.filter(([key]) => counts[key] > 0).map(([key, label]) => `| ${label} | ${counts[key]} |`),
    '',
    ...failureLines(progress),
    ...progress.notes.map((note) => `- ${literally(note)}`),
    '',
    `More: \`npx sightline runs show ${progress.runId}\``,
  ].join('\n');
}

/** The page reads Markdown, and a note may quote what stands in a source. */
function literally(text: string): string {
  return text.replace(/[\\`*_[\]<>!|#~]/g, '\\$&');
}

/** Counts that are not zero are shown, in this order. */
const ROWS = [
  ['succeeded', 'succeeded'],
  ['not_visible', 'not visible'],
  ['failed', 'failed'],
  ['blocked', 'blocked'],
  ['skipped', 'skipped'],
  ['cancelled', 'cancelled'],
  ['in_flight', 'in flight'],
  ['pending', 'pending'],
] as const;

function failureLines(progress: Progress): string[] {
  return Object.entries(progress.failures).map(([name, count]) => `- ${name}: ${count}`);
}

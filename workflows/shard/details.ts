import type { ShardReport } from '../../contracts/messages.ts';

/** What the Temporal Web UI shows under "current details" of a shard. */
export function shardDetails(report: ShardReport): string {
  const { succeeded, not_visible, failed, blocked, skipped } = report.tally.counts;
  return [
    `**Shard ${report.shard}** · gate ${report.gate}`,
    '',
    '| succeeded | not visible | failed | blocked | skipped | in flight |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    `| ${succeeded} | ${not_visible} | ${failed} | ${blocked} | ${skipped} | ${report.inFlight} |`,
    ...(report.note ? ['', report.note] : []),
  ].join('\n');
}

import { failureRule, isFailureName, type FailureName } from '../../contracts/failures.ts';
import type { Counts, RunRecord } from '../../contracts/run.ts';
import { resultTableOf } from '../../stores/bigquery/result-table-name.ts';
import { hasEnded, type RunView } from '../../client/run-view.ts';
import type { CliContext } from '../cli-context.ts';
import { answererText } from './answerer-text.ts';
import { cleanText } from './clean-text.ts';
import { nameFlags } from './name-flags.ts';
import { formatCost, formatCount } from './numbers.ts';
import { runTitle, stateText } from './progress-line.ts';
import { runTime } from './run-time.ts';
import { columnsText, readAs, rejectsCommand, rejectsText } from './source-text.ts';

export interface RunText {
  readonly view: RunView;
  readonly record: RunRecord | null;
  readonly files: readonly string[];
  readonly context: Pick<CliContext, 'showPath' | 'paint' | 'time'>;
}

const LABEL_WIDTH = 10;

/** A run for people, a line per thing. */
export function runText({ view, record, files, context }: RunText): string {
  const { showPath, paint } = context;
  const lines: [label: string, text: string][] = [];
  if (record) {
    const { source, prompt, analyzer, tags } = record.request;
    lines.push(['source', cleanText(`${showPath(source.path)} (${readAs(source)})`)]);
    const columns = columnsText(source);
    if (columns !== '') lines.push(['columns', cleanText(columns)]);
    lines.push(['prompt', `${prompt}, ${answererText(analyzer)}`]);
    if (tags.length > 0) lines.push(['tags', cleanText(tags.join(', '))]);
    const { manifest } = record.plan;
    if (manifest.rejected > 0) lines.push(['rejected', cleanText(rejectsText(manifest, showPath))]);
    const command = rejectsCommand(manifest);
    if (command !== null) lines.push(['', cleanText(`Show them: ${command}`)]);
  }
  if (view.counts.total > 0) lines.push(['assets', countsText(view.counts)]);
  lines.push(...failureLines(view));
  if (view.counts.total > 0) lines.push(['cost', formatCost(view.cost)]);
  lines.push(['time', runTime({ ...view, endedAt: endOf(view, record) }, context.time(view.startedAt, 'date'))]);
  const table = record && resultTableOf(record.plan.place);
  if (table) lines.push(['results', table]);
  else if (record && files.length > 0) lines.push(['results', filesText(files, showPath)]);
  lines.push(...view.notes.map((note): [string, string] => ['note', cleanText(note)]));
  return [
    `${runTitle(view)}  ${paint(view.state, stateText(view))}`,
    ...lines.map(([label, text]) => `  ${label.padEnd(LABEL_WIDTH)}${text}`),
  ].join('\n');
}

/** A worker that is asked in the moment of the end knows that it is over before Temporal knows when. */
function endOf({ state, endedAt, updatedAt }: RunView, record: RunRecord | null): string | null {
  return endedAt ?? (hasEnded(state) ? (record?.endedAt ?? updatedAt) : null);
}

/** `19 = 16 succeeded + 3 skipped`: what adds up to the total, without zeros. */
export function countsText(counts: Counts): string {
  const parts = [
    [counts.succeeded, 'succeeded'],
    [counts.not_visible, 'not visible'],
    [counts.failed, 'failed'],
    [counts.blocked, 'blocked'],
    [counts.skipped, 'skipped'],
    [counts.cancelled, 'cancelled'],
    [counts.in_flight, 'in flight'],
    [counts.pending, 'pending'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  const reused = counts.reused > 0 ? ` (${formatCount(counts.reused)} answers reused)` : '';
  return `${formatCount(counts.total)} = ${shown.join(' + ')}${reused}`;
}

function failureLines(view: RunView): [string, string][] {
  const lines: [string, string][] = [];
  if (view.failure) {
    lines.push(['failure', `${view.failure.name}: ${cleanText(nameFlags(view.failure))}`]);
    lines.push(['', failureRule(view.failure.name).hint]);
  }
  const byCause = Object.entries(view.failures).filter(([name]) => isFailureName(name));
  for (const [name, count] of byCause.toSorted(([, a], [, b]) => b - a) as [FailureName, number][]) {
    const { sentence, hint } = failureRule(name);
    lines.push(['no answer', `${formatCount(count)} ${name}: ${sentence}`], ['', hint]);
  }
  return lines;
}

function filesText(files: readonly string[], showPath: (path: string) => string): string {
  const [first = ''] = files;
  return files.length === 1 ? showPath(first) : `${showPath(first)} and ${formatCount(files.length - 1)} more`;
}

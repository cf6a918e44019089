import { isHeld, type RunView } from '../../client/run-view.ts';
import { doneCount } from '../../contracts/run.ts';
import { cleanText } from './clean-text.ts';
import { formatRange } from './duration.ts';
import { costPhrase, formatCount, formatPercent } from './numbers.ts';

/** One honest line: state, done of total, rate, time left as a range, failures, cost. What is not known yet is said. */
export function progressLine(view: RunView): string {
  const { counts } = view;
  const parts = [runTitle(view), stateText(view)];
  if (counts.total > 0) {
    const done = doneCount(counts);
    parts.push(`${formatCount(done)}/${formatCount(counts.total)}`, formatPercent(done, counts.total), ...pace(view));
    const without = counts.failed + counts.blocked + counts.skipped;
    if (without > 0) parts.push(`${formatCount(without)} without answer`);
    if (view.cost.spentUsd > 0 || view.cost.unknown > 0) parts.push(costPhrase(view.cost));
  }
  if (view.stale) parts.push('(no worker answers; last known)');
  return parts.join('  ');
}

/** `brisk-heron-7f2k`, with the name that people gave it. */
export function runTitle({ runId, name }: Pick<RunView, 'runId' | 'name'>): string {
  return name === runId ? runId : `${runId} (${cleanText(name)})`;
}

/** `paused (operator)` */
export function stateText({ state, reasons }: Pick<RunView, 'state' | 'reasons'>): string {
  return isHeld(state) && reasons.length > 0 ? `${state} (${reasons.join(', ')})` : state;
}

function pace(view: RunView): readonly string[] {
  if (view.state !== 'running') return [];
  if (view.ratePerMinute === null || view.etaSeconds === null) return ['measuring'];
  return [`${formatRate(view.ratePerMinute)}/min`, `left ${formatRange(view.etaSeconds)}`];
}

function formatRate(perMinute: number): string {
  return perMinute < 10 ? perMinute.toFixed(1) : formatCount(Math.round(perMinute));
}

import { hasEnded } from '../../../client/run-view.ts';
import type { ResultSummary } from '../../../stores/ports.ts';
import { countOf, formatCount } from '../../output/numbers.ts';
import { shareOf } from '../decisions/words.ts';
import { markup } from '../markup.ts';
import type { Standing } from '../report-data.ts';
import { outcomeWord } from './outcome-word.ts';

interface Slice {
  readonly kind: string;
  readonly word: string;
  readonly count: number;
}

/** How every asset ended, as one bar and as a table. */
export function outcomesSection(run: Standing, summary: ResultSummary) {
  const slices = slicesOf(run, summary);
  const total = slices.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return markup`<section id="outcomes"><h2>Outcomes</h2><p>There is no asset yet.</p></section>`;
  return markup`<section id="outcomes">
<h2>Outcomes</h2>
<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">${rects(slices, total)}</svg>
<table class="headless legend">
<caption class="unseen">Assets by outcome</caption>
<thead><tr><th scope="col"><span class="unseen">Outcome</span></th><th scope="col"><span class="unseen">Assets</span></th><th scope="col"><span class="unseen">Share</span></th></tr></thead>
<tbody>${slices.map(
    ({ kind, word, count }) => markup`
<tr><th scope="row"><span class="dot ${kind}"></span>${word}</th><td>${formatCount(count)}</td><td>${shareOf(count, total)}</td></tr>`,
  )}
</tbody>
</table>
<p class="small">${countOf(total, 'asset')}; ${summary.rows === total ? 'they have' : 'those with a row have'} ${countOf(summary.images, 'image')}.</p>
</section>`;
}

function slicesOf(run: Standing, summary: ResultSummary): readonly Slice[] {
  const ended = summary.outcomes.map(({ name, rows }) => ({ kind: name, word: outcomeWord(name), count: rows }));
  const left = Math.max(0, run.total - summary.rows);
  const word = hasEnded(run.state) ? 'without a row' : 'without a row yet';
  return left === 0 ? ended : [...ended, { kind: 'open', word, count: left }];
}

/** A share too small to see is still drawn. */
function rects(slices: readonly Slice[], total: number) {
  const widths = slices.map(({ count }) => Math.max(4, (count / total) * 1_000));
  const scale = 1_000 / widths.reduce((sum, width) => sum + width, 0);
  let x = 0;
  return slices.map(({ kind }, at) => {
    const width = (widths[at] ?? 0) * scale;
    const rect = markup`<rect class="${kind}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="10"/>`;
    x += width;
    return rect;
  });
}

import type { Bin, NumberSummary } from '../../../stores/ports.ts';
import { countOf, formatCount } from '../../output/numbers.ts';
import { formatValue } from '../decisions/words.ts';
import { markup } from '../markup.ts';

const BIN_WIDTH = 20;
const GAP = 2;
const HEIGHT = 100;

/** Bars over a scale, the median marked, and the same as a table. */
export function histogram({ name, filled, spread }: NumberSummary, isWhole: boolean) {
  if (!spread) return null;
  const { min, median, max, bins } = spread;
  const [from, to] = [bins[0]?.from ?? min, bins.at(-1)?.to ?? max];
  const width = bins.length * BIN_WIDTH;
  const said = `${name}: minimum ${formatValue(min)}, median ${formatValue(median)}, maximum ${formatValue(max)}`;
  const lastWhole = isWhole && binIsOne(bins) ? to - 1 : to;
  return markup`<svg class="histogram" viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${said}">${bars(bins)}${medianLine(median, from, to, width, isWhole && binIsOne(bins))}</svg>
<p class="scale"><span>${formatValue(from)}</span><span>${formatValue(lastWhole)}</span></p>
<dl class="ends"><div><dt>minimum</dt><dd>${formatValue(min)}</dd></div><div><dt>median</dt><dd>${formatValue(median)}</dd></div><div><dt>maximum</dt><dd>${formatValue(max)}</dd></div><div><dt>answers</dt><dd>${formatCount(filled)}</dd></div></dl>
<details><summary>As a table<span class="unseen">: ${name}</span></summary>
<table class="bins">
<caption class="unseen">Answers to ${name} by size</caption>
<thead><tr><th scope="col">From</th><th scope="col">${isWhole && binIsOne(bins) ? 'To' : 'To below'}</th><th scope="col">Assets</th></tr></thead>
<tbody>${bins
    .filter(({ rows }) => rows > 0)
    .map(
      (bin) => markup`
<tr><td>${formatValue(bin.from)}</td><td>${formatValue(isWhole && binIsOne(bins) ? bin.from : bin.to)}</td><td>${formatCount(bin.rows)}</td></tr>`,
    )}
</tbody>
</table>
<p class="small">${countOf(bins.filter(({ rows }) => rows === 0).length, 'empty step')} left out.</p>
</details>`;
}

function bars(bins: readonly Bin[]) {
  const most = Math.max(1, ...bins.map(({ rows }) => rows));
  return bins.map(({ rows }, at) => {
    // What is there can be seen, however little it is.
    const height = rows === 0 ? 0 : Math.max(1.5, (rows / most) * HEIGHT);
    return markup`<rect x="${at * BIN_WIDTH + GAP / 2}" y="${(HEIGHT - height).toFixed(2)}" width="${BIN_WIDTH - GAP}" height="${height.toFixed(2)}"/>`;
  });
}

/** A whole number stands in the middle of its bar. */
function medianLine(median: number, from: number, to: number, width: number, isMiddle: boolean) {
  if (from === to) return null;
  const x = ((median + (isMiddle ? 0.5 : 0) - from) / (to - from)) * width;
  return markup`<line x1="${x.toFixed(2)}" x2="${x.toFixed(2)}" y1="0" y2="${HEIGHT}"/>`;
}

function binIsOne([first]: readonly Bin[]): boolean {
  return first !== undefined && first.to - first.from === 1;
}

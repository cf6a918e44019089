import type { PromptField } from '../../../contracts/prompt.ts';
import type { FieldSummary, TextSummary, WordSummary } from '../../../stores/ports.ts';
import { countOf, formatCount } from '../../output/numbers.ts';
import { formatValue, shareOf } from '../decisions/words.ts';
import { markup } from '../markup.ts';
import type { ReportData, TextExample } from '../report-data.ts';
import { cutText } from './cut-text.ts';
import { histogram } from './histogram.ts';

const TEXT_CHARACTERS = 400;

/** How the answers to each field of the prompt are distributed. */
export function answersSection({ record, summary, texts }: ReportData) {
  const fields = record?.plan.fields ?? [];
  if (fields.length === 0)
    return markup`<section id="answers"><h2>Answers by field</h2><p>There is no answer to show.</p></section>`;
  return markup`<section id="answers">
<h2>Answers by field</h2>
<div class="fields">
${summary.fields.map((each) => {
  const field = fields.find(({ name }) => name === each.name);
  return field ? fieldBlock(each, field, texts.get(each.name) ?? []) : null;
})}
</div>
</section>`;
}

function fieldBlock(summary: FieldSummary, field: PromptField, examples: readonly TextExample[]) {
  return markup`<article class="field ${summary.kind}">
<h3>${field.name}</h3>
<p class="small">${field.description}</p>
${summary.filled === 0 ? markup`<p>No answer.</p>` : fieldBody(summary, field, examples)}
</article>
`;
}

function fieldBody(summary: FieldSummary, field: PromptField, examples: readonly TextExample[]) {
  switch (summary.kind) {
    case 'numbers':
      return histogram(summary, field.type === 'integer');
    case 'words':
      return wordBars(summary, field);
    case 'texts':
      return textExamples(summary, examples);
  }
}

/** A bar for each value; those that a one-of could have had and nobody gave are listed with 0. */
function wordBars({ name, filled, distinct, values }: WordSummary, field: PromptField) {
  const missing = (field.values ?? []).filter((value) => !values.some((each) => each.name === value));
  const rows = [...values, ...missing.map((value) => ({ name: value, rows: 0 }))];
  const most = Math.max(1, ...rows.map((row) => row.rows));
  const more = distinct - values.length;
  return markup`<table class="headless words">
<caption class="unseen">Answers to ${name}</caption>
<thead><tr><th scope="col"><span class="unseen">Value</span></th><th scope="col"><span class="unseen">Bar</span></th><th scope="col"><span class="unseen">Assets</span></th><th scope="col"><span class="unseen">Share</span></th></tr></thead>
<tbody>${rows.map(
    (row) => markup`
<tr><th scope="row">${cutText(row.name, 60) || '(empty text)'}</th><td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="0" width="${((row.rows / most) * 100).toFixed(2)}" height="10"/></svg></td><td>${formatCount(row.rows)}</td><td>${shareOf(row.rows, filled)}</td></tr>`,
  )}
</tbody>
</table>
${values.length === 0 ? markup`<p class="small">Every list is empty.</p>` : null}
${more > 0 ? markup`<p class="small">and ${countOf(more, 'other value')}</p>` : null}`;
}

function textExamples({ filled, distinct, lengths }: TextSummary, examples: readonly TextExample[]) {
  const span = lengths ? `, ${formatValue(lengths.min)} to ${formatValue(lengths.max)} characters` : '';
  return markup`<p class="small">${countOf(filled, 'text')}, about ${formatCount(distinct)} different${span}</p>
<dl class="texts">${examples.map(
    ({ assetId, text }) => markup`
<div><dt>${cutText(assetId, 120)}</dt><dd>${cutText(text, TEXT_CHARACTERS)}</dd></div>`,
  )}
</dl>`;
}

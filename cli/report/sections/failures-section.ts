import { failureRule, isFailureName, type FailureOwner } from '../../../contracts/failures.ts';
import { countOf } from '../../output/numbers.ts';
import { markup } from '../markup.ts';
import type { Cause, ReportData } from '../report-data.ts';
import { cutText } from './cut-text.ts';

const OWNERS: Readonly<Record<FailureOwner, string>> = {
  source: 'For whoever owns the pictures.',
  model: "For the model's provider, or the prompt.",
  you: 'For whoever runs Sightline.',
  us: "For Sightline's developers.",
};

const MESSAGE_CHARACTERS = 300;

/** Why assets have no answer, with what to do and some of them. */
export function failuresSection({ causes, summary }: ReportData) {
  if (causes.length === 0) {
    const nothing = summary.rows === 0 ? 'Nothing has failed so far.' : 'Nothing failed: well photographed.';
    return markup`<section id="failures"><h2>Without an answer</h2><p>${nothing}</p></section>`;
  }
  return markup`<section id="failures">
<h2>Without an answer</h2>
${causes.map(causeBlock)}
</section>`;
}

function causeBlock({ name, rows, samples }: Cause) {
  const rule = isFailureName(name) ? failureRule(name) : null;
  const advice = rule
    ? markup`<p class="sentence">${rule.sentence}</p><p>${rule.hint} <span class="small">${OWNERS[rule.owner]}</span></p>`
    : null;
  return markup`<article class="cause">
<h3>${name} <span class="count">${countOf(rows, 'asset')}</span></h3>
${advice}
<table class="headless samples">
<caption class="unseen">Assets with ${name}</caption>
<colgroup><col class="asset"><col></colgroup>
<thead><tr><th scope="col"><span class="unseen">Asset</span></th><th scope="col"><span class="unseen">What happened</span></th></tr></thead>
<tbody>${samples.map(
    ({ assetId, message }) => markup`
<tr><th scope="row">${cutText(assetId, 120)}</th><td>${cutText(message, MESSAGE_CHARACTERS)}</td></tr>`,
  )}
</tbody>
</table>
${samples.length < rows ? markup`<p class="small">and ${countOf(rows - samples.length, 'other')}</p>` : null}
</article>
`;
}

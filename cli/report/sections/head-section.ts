import { truthSentence } from '../decisions/truth-sentence.ts';
import { answererText } from '../../output/answerer-text.ts';
import { markup } from '../markup.ts';
import type { Decision, ReportData } from '../report-data.ts';

/** What it is, where it stands, and the three things that a reader decides from it. */
export function headSection({ run, record, summary }: ReportData, decisions: readonly Decision[]) {
  const name = run.name === run.runId ? null : markup`<p class="id">${run.runId}</p>`;
  const asked = record
    ? markup`<p class="asked">${record.request.prompt}, ${answererText(record.request.analyzer)}</p>`
    : null;
  return markup`<header>
<p class="eyebrow">Sightline report</p>
<h1>${run.name}</h1>
${name}
<p class="truth"><strong class="state ${run.state}">${run.state}</strong> ${truthSentence(run, summary)}</p>
${asked}
${run.notes.map((note) => markup`<p class="note">${note}</p>`)}
<div class="decisions">
${decisions.map(decisionBlock)}
</div>
</header>`;
}

function decisionBlock({ question, tone, answer, details }: Decision) {
  return markup`<section class="decision ${tone}">
<h2>${question}</h2>
<p class="answer">${answer}</p>
${details.map((text) => markup`<p>${text}</p>`)}
</section>
`;
}

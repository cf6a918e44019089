import { createHash } from 'node:crypto';
import { fixFirst } from './decisions/fix-first.ts';
import { judgeAnswers } from './decisions/judge-answers.ts';
import { judgeSource } from './decisions/judge-source.ts';
import { markup, trusted } from './markup.ts';
import type { ReportData } from './report-data.ts';
import { answersSection } from './sections/answers-section.ts';
import { failuresSection } from './sections/failures-section.ts';
import { headSection } from './sections/head-section.ts';
import { outcomesSection } from './sections/outcomes-section.ts';
import { provenanceSection } from './sections/provenance-section.ts';
import { sheetSection } from './sections/sheet-section.ts';

/** One page that needs nothing but itself: no script, no other host, `styles` in place, pictures as data. */
export function reportPage(data: ReportData, styles: string): string {
  const { run, record, summary } = data;
  const manifest = record?.plan.manifest ?? { rejected: 0, rejects: null };
  const decisions = [
    judgeSource(summary, manifest.rejected),
    judgeAnswers(summary, record?.plan.fields ?? []),
    fixFirst(run, summary, manifest),
  ];
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${reportMark(run.runId)}
<meta http-equiv="Content-Security-Policy" content="${policyFor(styles)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${run.name}: Sightline report</title>
<style>${trusted(styles)}</style>
</head>
<body>
${headSection(data, decisions)}
<main>
${outcomesSection(run, summary)}
${sheetSection(data)}
${failuresSection(data)}
${answersSection(data)}
${provenanceSection(data)}
</main>
<footer><p>Made by Sightline on ${data.madeAt.slice(0, 16).replace('T', ' ')} UTC. This page is complete in itself and loads nothing.</p></footer>
</body>
</html>
`;
  return page.html;
}

/** Says whose report a file is; stands near its beginning. */
export function reportMark(runId: string) {
  return markup`<meta name="generator" content="Sightline report of ${runId}">`;
}

function policyFor(styles: string): string {
  const digest = createHash('sha256').update(styles).digest('base64');
  return `default-src 'none'; img-src data:; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
}

import { LIMITS } from '../../../contracts/limits.ts';
import type { ManifestRef, RunRecord } from '../../../contracts/run.ts';
import { resultTableOf } from '../../../stores/bigquery/result-table-name.ts';
import type { ResultSummary } from '../../../stores/ports.ts';
import { countOf, formatCost, formatCount } from '../../output/numbers.ts';
import { runTime } from '../../output/run-time.ts';
import { columnsText, readAs, rejectsText } from '../../output/source-text.ts';
import { formatTime } from '../../output/time.ts';
import { markup, type MarkupPart } from '../markup.ts';
import type { ReportData } from '../report-data.ts';

const FILES_SHOWN = 10;

/** Where everything comes from: enough to do the same again. */
export function provenanceSection(data: ReportData) {
  const { run, record, summary } = data;
  const table = record && resultTableOf(record.plan.place);
  return markup`<section id="provenance">
<h2>Where this comes from</h2>
<dl class="provenance">
${entry('run', run.runId)}
${record ? recordEntries(data, record) : entry('record', 'This data folder has no record of the run.')}
${entry('time', timeText(data))}
${summary.rows > 0 ? entry('cost', costText(summary)) : null}
${summary.rows > 0 ? entry('tokens', tokensText(summary)) : null}
${table ? entry('table', table) : filesEntry(data.files)}
</dl>
</section>`;
}

function recordEntries({ prompt, summary }: ReportData, { request, plan, tags }: RunRecord) {
  const { analyzer, source } = request;
  const settings = Object.entries(analyzer.settings).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const columns = columnsText(source);
  return [
    tags.length > 0 ? entry('tags', tags.join(', ')) : null,
    entry('source', `${source.path} (${readAs(source)})`),
    columns === '' ? null : entry('columns', columns),
    entry('assets', `${formatCount(plan.total)}, frozen before the first was looked at`),
    entry('rejected', rejectedEntry(plan.manifest)),
    entry('prompt', prompt ? `${request.prompt}: ${prompt.title}` : request.prompt),
    entry('digest', markup`<code>${plan.promptDigest}</code>`),
    entry(
      'words',
      prompt
        ? markup`<details><summary>What the model is asked</summary><pre>${prompt.words}</pre></details>`
        : 'No longer in the data folder.',
    ),
    entry('analyzer', analyzer.model === analyzer.kind ? analyzer.kind : `${analyzer.kind}, model ${analyzer.model}`),
    entry('settings', settings.length === 0 ? 'none' : settings.join(', ')),
    summary.models.length > 0 ? entry('models seen', modelsText(summary)) : null,
    entry(
      'limits',
      Object.keys(LIMITS)
        .map((name) => `${name} ${textOf(Reflect.get(plan.limits, name))}`)
        .join(', '),
    ),
    entry('version', `Sightline ${plan.versions.sightline}`),
  ];
}

function rejectedEntry(manifest: ManifestRef): string {
  return manifest.rejected === 0 ? 'no entry of the source' : rejectsText(manifest, (path) => path);
}

function entry(name: string, value: MarkupPart) {
  return markup`<div><dt>${name}</dt><dd>${value}</dd></div>
`;
}

function modelsText({ models }: ResultSummary): string {
  return models
    .map(({ model, version, rows }) => `${model}, ${version === '' ? 'no version' : version} (${countOf(rows, 'row')})`)
    .join('; ');
}

function timeText({ run, madeAt }: ReportData): string {
  const text = runTime(run, formatTime(run.startedAt, 'date', Date.parse(madeAt)));
  return run.endedAt === null ? `${text}, not ended when this page was made` : text;
}

function costText({ cost, rows }: ResultSummary): string {
  const text = formatCost(cost);
  return cost.unknown === 0 || cost.unknown === rows ? text : `${text} (of ${countOf(rows, 'row')})`;
}

function tokensText({ usage }: ResultSummary): string {
  const { inputTokens, outputTokens, thinkingTokens, cachedTokens } = usage;
  if (inputTokens + outputTokens + thinkingTokens === 0) return 'none';
  return `${formatCount(inputTokens)} in (${formatCount(cachedTokens)} cached), ${formatCount(outputTokens)} out, ${formatCount(thinkingTokens)} thinking`;
}

function filesEntry(files: readonly string[]) {
  if (files.length === 0) return entry('files', 'none yet');
  const shown = files.slice(0, FILES_SHOWN).map((file) => markup`<span class="file">${file}</span>`);
  const more =
    files.length > FILES_SHOWN
      ? markup`<span class="small">and ${formatCount(files.length - FILES_SHOWN)} more</span>`
      : null;
  return entry('files', [shown, more]);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

import { NO_USAGE, OUTCOME_KINDS } from '../contracts/outcome.ts';
import type { PromptField } from '../contracts/prompt.ts';
import type { FieldSummary, GroupSummary, ModelSummary, ResultSummary } from './ports.ts';
import { emptyField, summariseField, toGroups } from './summarise-field.ts';
import type { SummaryTable } from './summary-table.ts';

/** What the rows of a table add up to. The database reads one column after the other: no row is ever held here. */
export async function summariseRows(table: SummaryTable, fields: readonly PromptField[]): Promise<ResultSummary> {
  const { query } = table;
  const [totals = {}] = await query(totalsSql(table));
  const outcomes = toGroups(await query(groupsSql(table, 'outcome')));
  const failures = toGroups(await query(`${groupsSql(table, 'failure')}, name`));
  const models = await query(modelsSql(table));
  const summaries: FieldSummary[] = [];
  for (const field of fields) summaries.push(await summariseField(table, field, Number(totals['found'])));
  return {
    rows: Number(totals['found']),
    images: Number(totals['images']),
    outcomes: OUTCOME_KINDS.flatMap((name) =>
      outcomes.filter((group): group is GroupSummary<typeof name> => group.name === name),
    ),
    failures,
    fields: summaries,
    models: models.map(toModel),
    usage: {
      inputTokens: Number(totals['input']),
      outputTokens: Number(totals['output']),
      thinkingTokens: Number(totals['thinking']),
      cachedTokens: Number(totals['cached']),
    },
    cost: { spentUsd: Number(totals['spent']), unknown: Number(totals['unpriced']) },
    firstAt: toIso(totals['earliest']),
    lastAt: toIso(totals['latest']),
  };
}

function totalsSql({ source, words }: SummaryTable): string {
  return `SELECT count(*) AS found, coalesce(sum(${words.entries('image_uris')}), 0) AS images,
  coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
  coalesce(sum(thinking_tokens), 0) AS thinking, coalesce(sum(cached_tokens), 0) AS cached,
  coalesce(sum(cost_usd), 0) AS spent, count(*) - count(cost_usd) AS unpriced,
  min(analyzed_at) AS earliest, max(analyzed_at) AS latest FROM ${source}`;
}

function modelsSql({ source }: SummaryTable): string {
  return `SELECT analyzer, model, model_version AS version, count(*) AS found FROM ${source}
  GROUP BY analyzer, model, model_version ORDER BY found DESC, analyzer, model, version LIMIT 20`;
}

const SAMPLES = 60;

/** Row keys are digests: the smallest ones are a sample that never changes. */
function groupsSql({ source, words }: SummaryTable, column: string): string {
  return `SELECT ${column} AS name, count(*) AS found, ${words.first(['row_key'], SAMPLES)} AS samples
    FROM ${source} WHERE ${column} IS NOT NULL GROUP BY ${column} ORDER BY found DESC`;
}

function toModel(row: Readonly<Record<string, unknown>>): ModelSummary {
  const { analyzer, model, version, found } = row;
  return { analyzer: String(analyzer), model: String(model), version: String(version), rows: Number(found) };
}

function toIso(value: unknown): string | null {
  return value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : null;
}

/** What no rows add up to. */
export function emptySummary(fields: readonly PromptField[]): ResultSummary {
  return {
    rows: 0,
    images: 0,
    outcomes: [],
    failures: [],
    fields: fields.map(emptyField),
    models: [],
    usage: NO_USAGE,
    cost: { spentUsd: 0, unknown: 0 },
    firstAt: null,
    lastAt: null,
  };
}

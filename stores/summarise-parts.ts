import { NO_USAGE, OUTCOME_KINDS } from '../contracts/outcome.ts';
import type { PromptField } from '../contracts/prompt.ts';
import { fileList, queryRows } from './duckdb.ts';
import type { FieldSummary, GroupSummary, ModelSummary, ResultSummary } from './ports.ts';
import { emptyField, summariseField, toGroups } from './summarise-field.ts';

/** What the rows of some parts add up to. DuckDB reads one column after the other: no row is ever held here. */
export async function summariseParts(files: readonly string[], fields: readonly PromptField[]): Promise<ResultSummary> {
  if (files.length === 0) return nothing(fields);
  const source = `read_parquet(${fileList(files)})`;
  const [totals = {}] = await queryRows(TOTALS.replace('$source', () => source));
  const outcomes = toGroups(await queryRows(groupsSql(source, 'outcome')));
  const failures = toGroups(await queryRows(`${groupsSql(source, 'failure')}, name`));
  const models = await queryRows(MODELS.replace('$source', () => source));
  const summaries: FieldSummary[] = [];
  for (const field of fields) summaries.push(await summariseField(source, field, Number(totals['rows'])));
  return {
    rows: Number(totals['rows']),
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
    cost: { spentUsd: Number(totals['spent']), unknown: Number(totals['unknown']) },
    firstAt: toIso(totals['first']),
    lastAt: toIso(totals['last']),
  };
}

const TOTALS = `SELECT count(*) AS rows, coalesce(sum(len(image_uris)), 0) AS images,
  coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
  coalesce(sum(thinking_tokens), 0) AS thinking, coalesce(sum(cached_tokens), 0) AS cached,
  coalesce(sum(cost_usd), 0) AS spent, count(*) FILTER (WHERE cost_usd IS NULL) AS unknown,
  min(analyzed_at) AS first, max(analyzed_at) AS last FROM $source`;

const MODELS = `SELECT analyzer, model, model_version AS version, count(*) AS rows FROM $source
  GROUP BY ALL ORDER BY rows DESC, analyzer, model, version LIMIT 20`;

const SAMPLES = 60;

/** Row keys are digests: the smallest ones are a sample that never changes. */
function groupsSql(source: string, column: string): string {
  return `SELECT ${column} AS name, count(*) AS rows, arg_min(row_number, row_key, ${SAMPLES}) AS samples
    FROM ${source} WHERE ${column} IS NOT NULL GROUP BY ${column} ORDER BY rows DESC`;
}

function toModel(row: Readonly<Record<string, unknown>>): ModelSummary {
  const { analyzer, model, version, rows } = row;
  return { analyzer: String(analyzer), model: String(model), version: String(version), rows: Number(rows) };
}

function toIso(value: unknown): string | null {
  return value instanceof Date ? value.toISOString() : null;
}

function nothing(fields: readonly PromptField[]): ResultSummary {
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

import type { PromptField } from '../contracts/prompt.ts';
import { identifier } from './duckdb.ts';
import type { SummaryWords } from './summary-table.ts';

/** Summaries in DuckDB's words. */
export const DUCKDB_SUMMARY_WORDS: SummaryWords = {
  column: identifier,
  asDouble: (number) => `CAST(${number} AS DOUBLE)`,
  entries: (list) => `len(${list})`,
  filled,
  first: (columns, count) => `arg_min(row_number, ${rank(columns)}, ${count})`,
  last: (columns, count) => `arg_max(row_number, ${rank(columns)}, ${count})`,
  median: (source, exact) =>
    `SELECT ${exact ? 'median(value)' : 'approx_quantile(value, 0.5)'} AS median FROM ${source}`,
  eachWord(source, field) {
    const column = identifier(field.name);
    const words = field.type === 'strings' ? `unnest(list_distinct(${column}))` : `CAST(${column} AS VARCHAR)`;
    return `SELECT left(${words}, 200) AS name, row_number, row_key FROM ${source} WHERE ${filled(field)}`;
  },
};

function filled({ name }: PromptField): string {
  return `${identifier(name)} IS NOT NULL`;
}

/** Structures are compared part by part. */
function rank(columns: readonly string[]): string {
  const [only = ''] = columns;
  if (columns.length === 1) return only;
  return `{${columns.map((column) => `${column}: ${column}`).join(', ')}}`;
}

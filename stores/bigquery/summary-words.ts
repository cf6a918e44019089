import type { PromptField } from '../../contracts/prompt.ts';
import type { SummaryWords } from '../summary-table.ts';
import { isMissingList } from './stored-row.ts';

/** Summaries in the words of GoogleSQL. */
export const GOOGLE_SQL_SUMMARY_WORDS: SummaryWords = {
  column: quoted,
  asDouble: (number) => `CAST(${number} AS FLOAT64)`,
  entries: (list) => `ARRAY_LENGTH(${list})`,
  filled,
  first: (columns, count) => `ARRAY_AGG(row_number ORDER BY ${columns.join(', ')} LIMIT ${count})`,
  last: (columns, count) => `ARRAY_AGG(row_number ORDER BY ${columns.join(' DESC, ')} DESC LIMIT ${count})`,
  median: (source, exact) =>
    exact
      ? `SELECT PERCENTILE_CONT(value, 0.5) OVER () AS median FROM ${source} LIMIT 1`
      : `SELECT APPROX_QUANTILES(value, 1000)[OFFSET(500)] AS median FROM ${source}`,
  eachWord(source, field) {
    const column = quoted(field.name);
    if (field.type === 'strings') {
      return `SELECT DISTINCT LEFT(word, 200) AS name, row_number, row_key FROM ${source}, UNNEST(${column}) AS word`;
    }
    return `SELECT LEFT(CAST(${column} AS STRING), 200) AS name, row_number, row_key FROM ${source} WHERE ${filled(field)}`;
  },
};

function filled({ name, type }: PromptField): string {
  return type === 'strings' ? `NOT (${isMissingList(name)})` : `${quoted(name)} IS NOT NULL`;
}

function quoted(name: string): string {
  return `\`${name}\``;
}

import type { FilterWords } from './compile-filter.ts';
import { identifier } from './duckdb.ts';

/** Filters in DuckDB's words. */
export const DUCKDB_FILTER_WORDS: FilterWords = {
  parameter: (number) => `$${number}`,
  column: (name) => name.split('.').map(identifier).join('.'),
  isNull: (_column, operand) => `${operand} IS NULL`,
  asDouble: (text) => `CAST(${text} AS DOUBLE)`,
  asTime: (text) => `CAST(${text} AS TIMESTAMP)`,
  contains,
  holds: (_name, list, text) => `list_contains(${list}, ${text})`,
  holdsPart: (_name, list, part) => `len(list_filter(${list}, lambda entry: ${contains('entry', part)})) > 0`,
  path: (key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
  valueAt: (column, path) => `json_extract_string(${column}, ${path})`,
  // Attributes of a CSV file are texts: one that looks like a number is compared as one.
  numberIn: (text) =>
    `CASE WHEN regexp_full_match(${text}, '-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?') THEN TRY_CAST(${text} AS DOUBLE) END`,
};

function contains(text: string, part: string): string {
  return `contains(lower(${text}), lower(${part}))`;
}

import type { FilterWords } from '../compile-filter.ts';
import { GAPPED_LISTS, isMissingList } from './stored-row.ts';

/** Filters in the words of GoogleSQL. They choose by the values that readers see. */
export const GOOGLE_SQL_WORDS: FilterWords = {
  parameter: (number) => `@p${number}`,
  column: (name) =>
    name
      .split('.')
      .map((part) => `\`${part}\``)
      .join('.'),
  isNull: ({ name, type }, operand) => (type === 'texts' ? isMissingList(name) : `${operand} IS NULL`),
  asDouble: (text) => `CAST(${text} AS FLOAT64)`,
  asTime: (text) => `CAST(CONCAT(${text}, '+00') AS TIMESTAMP)`,
  contains,
  holds: (name, list, text) => someEntry(name, list, `entry = ${text}`),
  holdsPart: (name, list, part) => someEntry(name, list, contains('entry', part)),
  path: (key) => `$."${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  valueAt: (column, path) => `JSON_VALUE(${column}, ${path})`,
  numberIn: (text) =>
    `IF(REGEXP_CONTAINS(${text}, r'^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$'), SAFE_CAST(${text} AS FLOAT64), NULL)`,
};

function contains(text: string, part: string): string {
  return `STRPOS(LOWER(${text}), LOWER(${part})) > 0`;
}

function someEntry(name: string, list: string, condition: string): string {
  const filled = GAPPED_LISTS.has(name) ? " AND entry != ''" : '';
  return `EXISTS(SELECT 1 FROM UNNEST(${list}) AS entry WHERE ${condition}${filled})`;
}

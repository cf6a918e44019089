import type { Filter, FilterColumn, FilterOperator, FilterValue } from '../contracts/filter.ts';

/** A condition as a database reads it; `values` are the parameters that it names, from `first` on. */
export interface CompiledFilter {
  readonly sql: string;
  readonly values: readonly FilterValue[];
}

/** How a database says what filters say; `$` arguments are expressions, `column` may have parts. */
export interface FilterWords {
  parameter(number: number): string;
  column(name: string): string;
  isNull(column: FilterColumn, operand: string): string;
  asDouble(text: string): string;
  /** Of a time in ISO 8601, UTC. */
  asTime(text: string): string;
  contains(text: string, part: string): string;
  /** Whether an entry of a list column is equal to a text. */
  holds(name: string, list: string, text: string): string;
  /** Whether an entry of a list column contains a text. */
  holdsPart(name: string, list: string, part: string): string;
  /** The path of a key in a column of JSON. */
  path(key: string): string;
  /** The value at such a path, as text. */
  valueAt(column: string, path: string): string;
  /** Of a text that looks like a number; null for any other. */
  numberIn(text: string): string;
}

/**
 * Values are always parameters, never part of the statement; only names of columns are. Each condition is true or false,
 * never null, so that `not` means the other rows.
 */
export function compileFilter(filter: Filter, words: FilterWords, first = 1): CompiledFilter {
  const values: FilterValue[] = [];
  const bind: Bind = (value) => words.parameter(first + values.push(value) - 1);
  return { sql: toSql(filter, { words, bind }), values };
}

/** Keeps a value and returns how the statement calls it. */
type Bind = (value: FilterValue) => string;

interface Tongue {
  readonly words: FilterWords;
  readonly bind: Bind;
}

function toSql(filter: Filter, tongue: Tongue): string {
  switch (filter.kind) {
    case 'compare':
      return sure(compare(filter.column, filter.operator, filter.value, tongue));
    case 'in':
      return anyOf(filter.values.map((value) => sure(compare(filter.column, '=', value, tongue))));
    case 'null':
      return tongue.words.isNull(filter.column, operand(filter.column, tongue));
    case 'not':
      return `NOT (${toSql(filter.filter, tongue)})`;
    case 'and':
      return `(${filter.filters.map((part) => toSql(part, tongue)).join(' AND ')})`;
    case 'or':
      return anyOf(filter.filters.map((part) => toSql(part, tongue)));
  }
}

function sure(condition: string): string {
  return `coalesce(${condition}, false)`;
}

function anyOf(conditions: readonly string[]): string {
  return `(${conditions.join(' OR ')})`;
}

function compare(column: FilterColumn, operator: FilterOperator, value: FilterValue, tongue: Tongue): string {
  const { words, bind } = tongue;
  const left = operand(column, tongue);
  switch (column.type) {
    case 'text':
      return compareText(left, operator, value, tongue);
    case 'number':
      return `${left} ${operator} ${words.asDouble(bind(String(value)))}`;
    case 'boolean':
      return `${left} ${operator} ${bind(value)}`;
    case 'time':
      return `${left} ${operator} ${words.asTime(bind(String(value).replace('T', ' ').replace('Z', '')))}`;
    case 'texts': {
      const text = bind(String(value).toWellFormed());
      return operator === '~' ? words.holdsPart(column.name, left, text) : words.holds(column.name, left, text);
    }
    case 'attributes':
      if (typeof value !== 'number') return compareText(left, operator, value, tongue);
      return `${words.numberIn(left)} ${operator} ${words.asDouble(bind(String(value)))}`;
  }
}

function compareText(left: string, operator: FilterOperator, value: FilterValue, { words, bind }: Tongue): string {
  const text = bind(String(value).toWellFormed());
  return operator === '~' ? words.contains(left, text) : `${left} ${operator} ${text}`;
}

function operand({ name, key }: FilterColumn, { words, bind }: Tongue): string {
  const column = words.column(name);
  return key === undefined ? column : words.valueAt(column, bind(words.path(key.toWellFormed())));
}

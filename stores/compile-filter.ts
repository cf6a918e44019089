import type { DuckDBValue } from '@duckdb/node-api';
import type { Filter, FilterColumn, FilterOperator, FilterValue } from '../contracts/filter.ts';
import { identifier } from './duckdb.ts';

/** A condition in DuckDB's words; `values` are the parameters that it names, from `$<first>` on. */
export interface CompiledFilter {
  readonly sql: string;
  readonly values: readonly DuckDBValue[];
}

/**
 * Values are always parameters, never part of the statement; only names of columns are. Each condition is true or false,
 * never null, so that `not` means the other rows.
 */
export function compileFilter(filter: Filter, first = 1): CompiledFilter {
  const values: DuckDBValue[] = [];
  const bind: Bind = (value) => `$${first + values.push(value) - 1}`;
  return { sql: toSql(filter, bind), values };
}

/** Keeps a value and returns how the statement calls it. */
type Bind = (value: string | number | boolean) => string;

function toSql(filter: Filter, bind: Bind): string {
  switch (filter.kind) {
    case 'compare':
      return sure(compare(filter.column, filter.operator, filter.value, bind));
    case 'in':
      return anyOf(filter.values.map((value) => sure(compare(filter.column, '=', value, bind))));
    case 'null':
      return `${operand(filter.column, bind)} IS NULL`;
    case 'not':
      return `NOT (${toSql(filter.filter, bind)})`;
    case 'and':
      return `(${filter.filters.map((part) => toSql(part, bind)).join(' AND ')})`;
    case 'or':
      return anyOf(filter.filters.map((part) => toSql(part, bind)));
  }
}

function sure(condition: string): string {
  return `coalesce(${condition}, false)`;
}

function anyOf(conditions: readonly string[]): string {
  return `(${conditions.join(' OR ')})`;
}

function compare(column: FilterColumn, operator: FilterOperator, value: FilterValue, bind: Bind): string {
  const left = operand(column, bind);
  switch (column.type) {
    case 'text':
      return compareText(left, operator, value, bind);
    case 'number':
      return `${left} ${operator} CAST(${bind(String(value))} AS DOUBLE)`;
    case 'boolean':
      return `${left} ${operator} ${bind(value)}`;
    case 'time':
      return `${left} ${operator} CAST(${bind(String(value).replace('T', ' ').replace('Z', ''))} AS TIMESTAMP)`;
    case 'texts':
      return operator === '~'
        ? `len(list_filter(${left}, lambda entry: ${contains('entry', value, bind)})) > 0`
        : `list_contains(${left}, ${bind(String(value).toWellFormed())})`;
    case 'attributes':
      if (typeof value !== 'number') return compareText(left, operator, value, bind);
      return `${asNumber(left)} ${operator} CAST(${bind(String(value))} AS DOUBLE)`;
  }
}

function compareText(left: string, operator: FilterOperator, value: FilterValue, bind: Bind): string {
  return operator === '~' ? contains(left, value, bind) : `${left} ${operator} ${bind(String(value).toWellFormed())}`;
}

function contains(left: string, value: FilterValue, bind: Bind): string {
  return `contains(lower(${left}), lower(${bind(String(value).toWellFormed())}))`;
}

/** Attributes of a CSV file are texts: one that looks like a number is compared as one. */
function asNumber(text: string): string {
  return `CASE WHEN regexp_full_match(${text}, '-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?') THEN TRY_CAST(${text} AS DOUBLE) END`;
}

function operand({ name, key }: FilterColumn, bind: Bind): string {
  const column = name.split('.').map(identifier).join('.');
  return key === undefined ? column : `json_extract_string(${column}, ${bind(jsonPointer(key))})`;
}

function jsonPointer(key: string): string {
  return `/${key.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

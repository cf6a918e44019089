import type { Filter, FilterColumn, FilterOperator, FilterValue } from '../../contracts/filter.ts';
import type { StoredRow } from '../../stores/ports.ts';

type Found = string | number | boolean | null | readonly (string | null)[];

/** Whether a filter chooses a row, worked out without a database. */
export function fitsFilter(filter: Filter, row: StoredRow): boolean {
  switch (filter.kind) {
    case 'compare':
      return fitsOne(filter.column, filter.operator, filter.value, row);
    case 'in':
      return filter.values.some((value) => fitsOne(filter.column, '=', value, row));
    case 'null':
      return valueIn(filter.column, row) === null;
    case 'not':
      return !fitsFilter(filter.filter, row);
    case 'and':
      return filter.filters.every((part) => fitsFilter(part, row));
    case 'or':
      return filter.filters.some((part) => fitsFilter(part, row));
  }
}

function valueIn({ name, key }: FilterColumn, row: StoredRow): unknown {
  const path = key === undefined ? name.split('.') : [name, key];
  return path.reduce<unknown>((at, part) => (at as Readonly<Record<string, unknown>> | null)?.[part], row) ?? null;
}

function fitsOne(column: FilterColumn, operator: FilterOperator, value: FilterValue, row: StoredRow): boolean {
  const found = valueIn(column, row) as Found;
  if (typeof found === 'object' && found !== null)
    return found.some((entry) => entry !== null && fits(operator, entry, value));
  if (found === null) return false;
  if (column.type !== 'attributes') return fits(operator, found, value);
  if (typeof value !== 'number') return fits(operator, String(found), value);
  const isNumber = /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(String(found));
  return isNumber && fits(operator, Number(found), value);
}

function fits(operator: FilterOperator, found: string | number | boolean, value: FilterValue): boolean {
  if (operator === '~') return String(found).toLowerCase().includes(String(value).toLowerCase());
  const order = typeof value === 'string' ? byCodePoint(String(found), value) : Number(found) - Number(value);
  switch (operator) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

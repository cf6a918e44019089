import type { Filter, FilterColumn, FilterValue } from '../../contracts/filter.ts';

/** A filter as a person could have typed it. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'compare':
      return `${printColumn(filter.column)} ${filter.operator} ${printValue(filter.column, filter.value)}`;
    case 'in': {
      const values = filter.values.map((value) => printValue(filter.column, value));
      return `${printColumn(filter.column)} in (${values.join(', ')})`;
    }
    case 'null':
      return `${printColumn(filter.column)} is null`;
    case 'not':
      return `not ${enclosed(filter.filter)}`;
    case 'and':
    case 'or':
      return filter.filters.map(enclosed).join(` ${filter.kind} `);
  }
}

function enclosed(filter: Filter): string {
  return filter.kind === 'and' || filter.kind === 'or' ? `(${printFilter(filter)})` : printFilter(filter);
}

function printColumn({ name, key }: FilterColumn): string {
  return key === undefined ? `"${name}"` : `${name}.${quoted(key)}`;
}

/** Without quotes an attribute would be compared as a number where it looks like one. */
function printValue({ type }: FilterColumn, value: FilterValue): string {
  return typeof value === 'string' && type !== 'time' ? quoted(value) : String(value);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

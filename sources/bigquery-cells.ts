import type { Cell } from './table-reader.ts';

/** A value as the client of BigQuery gives it, with whole numbers wrapped. Times and big numbers become text, bytes base64. */
export function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(cellOf);
  if (typeof value !== 'object') return null;
  if (isWrapped(value)) return value.type === 'BigQueryInt' ? wholeNumber(value.value) : value.value;
  if (isDecimal(value)) return value.toFixed();
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cellOf(inner)]));
}

/** The client has a class for each of whole numbers, times, dates and places. */
function isWrapped(value: object): value is { readonly value: string; readonly type?: string } {
  return 'value' in value && typeof value.value === 'string' && Object.getPrototypeOf(value) !== Object.prototype;
}

/** NUMERIC and BIGNUMERIC. */
function isDecimal(value: object): value is { toFixed(): string } {
  return 'toFixed' in value && typeof value.toFixed === 'function';
}

function wholeNumber(text: string): Cell {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

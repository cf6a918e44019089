import type { StoredRow } from '../../stores/ports.ts';
import { cleanText } from './clean-text.ts';

/** Columns of a short list: what it is, how it ended, what the prompt asked for. */
export function shortColumns(fields: readonly string[]): readonly string[] {
  return ['asset_id', 'outcome', ...fields, 'failure'];
}

/** Columns of a list of rows without an answer. */
export const FAILURE_COLUMNS: readonly string[] = ['asset_id', 'outcome', 'failure', 'failure_message'];

/** One cell: lists are joined, objects are JSON, null is empty. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    return value
      .map(cellText)
      .filter((text) => text !== '')
      .join(', ');
  }
  return JSON.stringify(value);
}

/** A row, one column per line; empty ones are left out. */
export function rowText(row: StoredRow): string {
  const filled = Object.entries(row)
    .map(([name, value]) => [name, cleanText(cellText(value))] as const)
    .filter(([, text]) => text !== '');
  const width = Math.max(0, ...filled.map(([name]) => name.length));
  return filled.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}

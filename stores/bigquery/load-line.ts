import type { TableField } from '@google-cloud/bigquery';
import { toStreamRow } from './stream-row.ts';

/** A staged line of results as a load job takes it: lists without gaps, times with their zone. */
export function toLoadLine(
  fields: readonly TableField[],
  line: string,
  more: Readonly<Record<string, string>>,
): string {
  const row = toStreamRow(fields, line, more);
  for (const { name = '', type } of fields) {
    const micros = row[name];
    if (type === 'TIMESTAMP' && typeof micros === 'number') row[name] = new Date(micros / 1000).toISOString();
  }
  return JSON.stringify(row);
}

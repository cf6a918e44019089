import type { TableField } from '@google-cloud/bigquery';

/**
 * A checked line of results as the JSON writer of the Storage Write client takes it. That writer makes something of every value,
 * 0 of a text and 1970 of a date, so that nothing but the right types may come near it.
 */
export function toStreamRow(
  fields: readonly TableField[],
  line: string,
  more: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const values = { ...(JSON.parse(line) as Record<string, unknown>), ...more };
  const row: Record<string, unknown> = {};
  for (const field of fields) {
    const { name = '' } = field;
    const value = toValue(field, values[name] ?? null);
    if (value === null && field.mode === 'REQUIRED') throw new TypeError(`Column ${name} has no value.`);
    row[name] = value;
    delete values[name];
  }
  const [unknown] = Object.keys(values);
  if (unknown !== undefined) throw new TypeError(`The table has no column ${unknown}.`);
  return row;
}

function toValue(field: TableField, value: unknown): unknown {
  if (field.mode === 'REPEATED') {
    // A list of BigQuery has no entries without a value: an empty text stands for one.
    return list(field, value).map((entry) => (entry === null ? '' : checked(field, entry, typeof entry === 'string')));
  }
  if (value === null) return null;
  switch (field.type ?? '') {
    case 'STRING':
      return checked(field, value, typeof value === 'string');
    case 'INTEGER':
      return checked(field, value, Number.isSafeInteger(value));
    case 'FLOAT':
      return checked(field, value, Number.isFinite(value));
    case 'BOOLEAN':
      return checked(field, value, typeof value === 'boolean');
    case 'TIMESTAMP':
      return toMicroseconds(field, value);
    case 'RECORD':
      return toRecord(field, value);
    default:
      throw new TypeError(`Column ${field.name} has the type ${field.type}.`);
  }
}

function list(field: TableField, value: unknown): readonly unknown[] {
  if (value === null) return [];
  checked(field, value, Array.isArray(value));
  return value as readonly unknown[];
}

/** From `2026-02-03 04:05:06.789`, which is UTC. */
function toMicroseconds(field: TableField, value: unknown): number {
  const text = String(value);
  checked(field, value, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/.test(text));
  const timeMs = Date.parse(`${text.replace(' ', 'T')}Z`);
  checked(field, value, !Number.isNaN(timeMs));
  return timeMs * 1000;
}

function toRecord(field: TableField, value: unknown): Record<string, unknown> {
  checked(field, value, typeof value === 'object' && !Array.isArray(value));
  const parts = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    (field.fields ?? []).map((part) => [part.name ?? '', toValue(part, parts[part.name ?? ''] ?? null)]),
  );
}

function checked(field: TableField, value: unknown, fits: boolean): unknown {
  if (fits) return value;
  const shown = (JSON.stringify(value) ?? String(value)).slice(0, 100);
  throw new TypeError(`Column ${field.name} is ${field.mode ?? ''} ${field.type}, not ${shown}.`);
}

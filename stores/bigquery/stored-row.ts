import type { StoredRow } from '../ports.ts';
import type { Row } from './dataset.ts';

/** Lists in which an image without a value has an empty text: lists of BigQuery have no entries without one. */
export const GAPPED_LISTS: ReadonlySet<string> = new Set(['observation_ids', 'image_digests']);

/** Lists that every row has, perhaps without an entry. */
const FULL_LISTS: ReadonlySet<string> = new Set(['observation_ids', 'image_uris']);

/**
 * A condition that is true where a list has no value. BigQuery keeps an empty list for it: digests are missing where none is
 * there, lists of the answer where there is no answer.
 */
export function isMissingList(name: string): string {
  if (FULL_LISTS.has(name)) return 'FALSE';
  return name === 'image_digests' ? 'COALESCE(ARRAY_LENGTH(image_digests), 0) = 0' : "outcome != 'succeeded'";
}

/** A row of the table as readers see it. */
export function toStoredRow(row: Row): StoredRow {
  const hasAnswer = row['outcome'] === 'succeeded';
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (name === 'attributes') return [name, JSON.parse(String(value)) as unknown];
      return [name, Array.isArray(value) ? toList(name, value, hasAnswer) : toJsonValue(value)];
    }),
  );
}

function toList(name: string, entries: readonly unknown[], hasAnswer: boolean): readonly unknown[] | null {
  if (GAPPED_LISTS.has(name)) {
    if (entries.length === 0 && !FULL_LISTS.has(name)) return null;
    return entries.map((entry) => (entry === '' ? null : entry));
  }
  return FULL_LISTS.has(name) || hasAnswer ? entries : null;
}

/** Times come as objects that hold a text. */
export function toJsonValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('value' in value)) return value;
  return new Date(String(value.value)).toISOString();
}

import type { Filter, FilterColumn } from '../contracts/filter.ts';
import type { Sightline } from '../client/main.ts';
import type { StoredRow } from '../stores/ports.ts';
import { didYouMean } from '../prompts/did-you-mean.ts';

const SAMPLE_ROWS = 100;

/**
 * A sentence for each attribute that a filter names and no row of the run has. Reads rows of the run, unless those that are
 * `shown` already have them all.
 */
export async function findUnknownAttributes(
  sightline: Pick<Sightline, 'results'>,
  runId: string,
  filter: Filter,
  shown: readonly StoredRow[],
): Promise<readonly string[]> {
  const named = new Map(
    columnsOf(filter).flatMap((column) => (column.key === undefined ? [] : [[column.key, column]])),
  );
  for (const key of attributesOf(shown)) named.delete(key);
  if (named.size === 0) return [];
  const sample = await sightline.results(runId, { limit: SAMPLE_ROWS });
  const known = attributesOf(sample);
  const sentences: string[] = [];
  for (const [key, column] of named) {
    if (sample.length === 0 || known.includes(key)) continue;
    const some = await sightline.results(runId, {
      limit: 1,
      filter: { kind: 'not', filter: { kind: 'null', column } },
    });
    if (some.length === 0) sentences.push(sentenceOf(key, known));
  }
  return sentences;
}

function attributesOf(rows: readonly StoredRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ attributes }) => Object.keys(attributes ?? {})))];
}

function columnsOf(filter: Filter): readonly FilterColumn[] {
  switch (filter.kind) {
    case 'compare':
    case 'in':
    case 'null':
      return [filter.column];
    case 'not':
      return columnsOf(filter.filter);
    case 'and':
    case 'or':
      return filter.filters.flatMap(columnsOf);
  }
}

function sentenceOf(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  const there = known.length === 0 ? 'there are none' : `there are ${known.join(', ')}`;
  return `No row of this run has the attribute "${key}"; ${meant === undefined ? there : `did you mean "${meant}"?`}`;
}

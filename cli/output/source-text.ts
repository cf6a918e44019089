import { isImageTheId } from '../../contracts/image-as-id.ts';
import type { ManifestRef } from '../../contracts/run.ts';
import { COLUMN_ROLES, type Delimiter, type SourceSpec } from '../../contracts/source.ts';
import { countOf, formatCount } from './numbers.ts';

const KIND_NAMES: Readonly<Record<SourceSpec['kind'], string>> = {
  folder: 'folder',
  csv: 'CSV',
  jsonl: 'JSON Lines',
  parquet: 'Parquet',
  list: 'list',
  bigquery: 'BigQuery',
};

/** What people call a sign between cells, also on the command line. */
export const DELIMITER_WORDS: Readonly<Record<Delimiter, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
};

/** How a source is read: `CSV, UTF-8, separated by semicolons`. */
export function readAs(spec: SourceSpec): string {
  return [
    KIND_NAMES[spec.kind],
    ...('encoding' in spec && spec.encoding !== undefined ? [encodingText(spec.encoding)] : []),
    ...(spec.kind === 'csv' && spec.delimiter !== undefined
      ? [`separated by ${DELIMITER_WORDS[spec.delimiter]}s`]
      : []),
    ...('rowsPerAsset' in spec && spec.rowsPerAsset === 'many' ? ['many rows per asset'] : []),
    ...(spec.kind === 'bigquery' && spec.query !== undefined ? ['a query'] : []),
    ...(spec.kind === 'bigquery' && spec.grouping === 'observations' ? ['observations grouped into assets'] : []),
    ...(spec.kind === 'bigquery' && spec.asOf !== undefined ? [`as of ${spec.asOf}`] : []),
    ...(spec.kind === 'folder' && spec.group !== undefined ? [`grouped by ${spec.group}`] : []),
  ].join(', ');
}

/** What each column means: `id = pole, image = front and back`; empty for sources without columns. */
export function columnsText(spec: SourceSpec): string {
  const map = 'map' in spec ? (spec.map ?? {}) : {};
  return COLUMN_ROLES.flatMap((role) => {
    const named = map[role];
    if (role === 'id' && isImageTheId(spec)) return ['id = the image itself'];
    return named === undefined ? [] : [`${role} = ${typeof named === 'string' ? named : named.join(' and ')}`];
  }).join(', ');
}

/** `37 entries became no asset: 31 came before, 6 cannot be used`. */
export function rejectedText({
  rejected,
  duplicates,
}: {
  readonly rejected: number;
  readonly duplicates: number;
}): string {
  const bad = rejected - duplicates;
  const parts = [
    ...(duplicates > 0 ? [`${formatCount(duplicates)} came before`] : []),
    ...(bad > 0 ? [`${formatCount(bad)} cannot be used`] : []),
  ];
  return `${countOf(rejected, 'entry', 'entries')} became no asset: ${parts.join(', ')}`;
}

/** The same, and where to find them: `31 entries became no asset: 31 came before, listed in rejects.csv`. */
export function rejectsText(manifest: ManifestRef, showPath: (path: string) => string): string {
  const file = manifest.rejects === null ? '' : `, listed in ${showPath(manifest.rejects)}`;
  return `${rejectedText(manifest)}${file}`;
}

/** What shows the rejected entries where they are a table; null where they are a file, or there are none. */
export function rejectsCommand({ rejects }: Pick<ManifestRef, 'rejects'>): string | null {
  const table = /^bq:\/\/(?<name>.+)$/.exec(rejects ?? '')?.groups?.['name'];
  return table === undefined ? null : `bq query --use_legacy_sql=false 'SELECT * FROM \`${table}\` LIMIT 100'`;
}

function encodingText(encoding: string): string {
  return encoding === 'windows-1252' ? 'Windows-1252 (Latin-1)' : encoding.toUpperCase();
}

import type { TableField } from '@google-cloud/bigquery';
import type { Asset } from '../../contracts/asset.ts';
import { MANIFEST_COLUMNS, manifestLine } from '../manifest-columns.ts';

const TYPES: Readonly<Record<string, string>> = { VARCHAR: 'STRING', 'VARCHAR[]': 'STRING', DOUBLE: 'FLOAT' };

/** The columns of a manifest as BigQuery takes them: the number of a row is one of them, for rows of a table have no place. */
export const MANIFEST_FIELDS: readonly TableField[] = [
  { name: 'row_number', type: 'INTEGER', mode: 'NULLABLE' },
  ...MANIFEST_COLUMNS.map(([name, type]) => ({
    name,
    type: TYPES[type] ?? type,
    mode: type.endsWith('[]') ? 'REPEATED' : 'NULLABLE',
  })),
];

/** An asset as a line of JSON whose keys are the columns. */
export function numberedLine(row: number, asset: Asset): string {
  return `{"row_number":${row},${manifestLine(asset).slice(1)}`;
}

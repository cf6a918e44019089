import type { TableField } from '@google-cloud/bigquery';
import { RUN_KEY } from './result-table.ts';

/** Brings the rows of a table to another, but for those of the run `@key` that are there: repeated, it changes nothing. */
export function mergeStatement(from: string, into: string, fields: readonly TableField[]): string {
  const columns = fields.map(({ name }) => `\`${name}\``);
  return `MERGE ${into} AS readable USING ${from} AS loaded
ON readable.${RUN_KEY} = @key AND readable.${RUN_KEY} = loaded.${RUN_KEY} AND readable.row_number = loaded.row_number
WHEN NOT MATCHED THEN INSERT (${columns.join(', ')}) VALUES (${columns.map((column) => `loaded.${column}`).join(', ')})`;
}

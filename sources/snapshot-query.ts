import { sqlName, sqlText } from './google-sql.ts';
import { parseBigQueryPath } from './parse-bigquery-path.ts';

interface WantedSnapshot {
  /** Address of the table of snapshots. */
  readonly path: string;
  readonly columns: readonly string[];
  /** Default: the newest. */
  readonly snapshot?: string | undefined;
  readonly product: string | null;
}

/** One row: the snapshot with the time it was made, in milliseconds since 1970. None where there is no such snapshot. */
export function snapshotQuery({ path, columns, snapshot, product }: WantedSnapshot): string {
  const conditions = [
    'creation_time IS NOT NULL',
    ...(snapshot === undefined ? [] : [`snapshot_id = ${sqlText(snapshot)}`]),
    ...(product === null || !columns.includes('product_types') ? [] : [`${sqlText(product)} IN UNNEST(product_types)`]),
  ];
  return `SELECT snapshot_id, UNIX_MILLIS(creation_time) AS made_ms
FROM ${sqlName(parseBigQueryPath(path).table ?? '')}
WHERE ${conditions.join(' AND ')}
ORDER BY creation_time DESC
LIMIT 1`;
}

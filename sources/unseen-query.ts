import type { BigQuerySpec, ObservationFilters } from '../contracts/source.ts';
import { tableOf } from './assets-query.ts';
import { sqlName } from './google-sql.ts';
import { filtersOf } from './observation-filters.ts';
import { parseBigQueryPath } from './parse-bigquery-path.ts';

/**
 * How many assets the table at `assets` lists that fit the filters and have no observation that does: one row. Null where it
 * lacks a column that is filtered.
 */
export function unseenQuery(spec: BigQuerySpec, assets: string, columns: readonly string[]): string | null {
  const { capturedAfter: _, capturedBefore: __, ...filters } = spec.filters ?? {};
  if (!columnsOf(filters).every((name) => columns.includes(name))) return null;
  const where = (conditions: readonly string[]): string =>
    `WHERE ${[...conditions, 'asset_id IS NOT NULL'].join('\n    AND ')}`;
  return `SELECT COUNT(*) AS unseen
FROM (
  SELECT asset_id
  FROM ${sqlName(parseBigQueryPath(assets).table ?? '')}
  ${where(filtersOf(filters))}
  EXCEPT DISTINCT
  SELECT asset_id
  FROM ${tableOf(spec)}
  ${where(filtersOf(spec.filters))}
)`;
}

function columnsOf(filters: ObservationFilters): readonly string[] {
  const { assetClass, area, snapshot, detectedAfter, detectedBefore } = filters;
  return [
    'asset_id',
    ...(assetClass === undefined ? [] : ['asset_type']),
    ...(area === undefined ? [] : ['location']),
    ...(snapshot === undefined ? [] : ['snapshot_id']),
    ...(detectedAfter === undefined && detectedBefore === undefined ? [] : ['detection_time']),
  ];
}

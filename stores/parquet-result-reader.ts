import { checkLimit } from './check-limit.ts';
import { compileFilter, type CompiledFilter } from './compile-filter.ts';
import { DUCKDB_FILTER_WORDS } from './duckdb-filter-words.ts';
import { fileList, literal, queryRows } from './duckdb.ts';
import type { ResultQuery, ResultReader, StoredRow } from './ports.ts';
import { filterColumns } from './result-columns.ts';
import { placePaths } from './run-place.ts';
import { DUCKDB_SUMMARY_WORDS } from './duckdb-summary-words.ts';
import { emptySummary, summariseRows } from './summarise-rows.ts';
import { readVisible } from './visible-parts.ts';

/** Reads what the Parquet result store has made visible. */
export function createParquetResultReader(): ResultReader {
  return {
    columns: filterColumns,

    async list(place, query) {
      const { limit } = query;
      checkLimit(limit);
      if (query.outcomes?.length === 0 || query.rows?.length === 0) return [];
      const { sql, values } = whereOf(query);
      return readVisible(placePaths(place), async (files) => {
        if (files.length === 0) return [];
        const source = `read_parquet(${fileList(files)})`;
        const rows = await queryRows(`SELECT * FROM ${source}${sql} ORDER BY asset_id LIMIT ${limit}`, [...values]);
        return rows.map(toStoredRow);
      });
    },

    async get(place, assetId) {
      return readVisible(placePaths(place), async (files) => {
        if (files.length === 0) return undefined;
        const source = `read_parquet(${fileList(files)})`;
        const [row] = await queryRows(`SELECT * FROM ${source} WHERE asset_id = $1 LIMIT 1`, [assetId]);
        return row && toStoredRow(row);
      });
    },

    async files(place) {
      return readVisible(placePaths(place), (files) => Promise.resolve(files));
    },

    async summarise(place, fields) {
      return readVisible(placePaths(place), async (files) => {
        if (files.length === 0) return emptySummary(fields);
        const source = `read_parquet(${fileList(files)})`;
        return summariseRows({ source, words: DUCKDB_SUMMARY_WORDS, query: (sql) => queryRows(sql) }, fields);
      });
    },
  };
}

function whereOf({ outcomes, after, rows, filter }: ResultQuery): CompiledFilter {
  const compiled =
    filter === undefined ? undefined : compileFilter(filter, DUCKDB_FILTER_WORDS, after === undefined ? 1 : 2);
  const conditions = [
    ...(after === undefined ? [] : ['asset_id > $1']),
    ...(outcomes === undefined ? [] : [`outcome IN (${outcomes.map(literal).join(', ')})`]),
    ...(rows === undefined ? [] : [`row_number IN (${rows.map(Number).join(', ')})`]),
    ...(compiled === undefined ? [] : [compiled.sql]),
  ];
  return {
    sql: conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`,
    values: [...(after === undefined ? [] : [after]), ...(compiled?.values ?? [])],
  };
}

function toStoredRow(row: Readonly<Record<string, unknown>>): StoredRow {
  const stored = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toJsonValue(value)]));
  const { attributes } = stored;
  return typeof attributes === 'string' ? { ...stored, attributes: JSON.parse(attributes) as unknown } : stored;
}

function toJsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}

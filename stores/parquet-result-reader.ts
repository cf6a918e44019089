import { fileList, literal, queryRows, textOf } from './duckdb.ts';
import type { ResultReader, StoredRow } from './ports.ts';
import { resultColumns } from './result-columns.ts';
import { placePaths } from './run-place.ts';
import { summariseParts } from './summarise-parts.ts';
import { readVisible } from './visible-parts.ts';

/** Reads what the Parquet result store has made visible. */
export function createParquetResultReader(): ResultReader {
  return {
    async columns(place) {
      return readVisible(placePaths(place), async ([file]) => {
        // Without any row the fields of the prompt are not known here.
        if (file === undefined) return resultColumns([]).map(([name]) => name);
        const rows = await queryRows(`DESCRIBE SELECT * FROM read_parquet(${fileList([file])})`);
        return rows.map((row) => textOf(row['column_name']));
      });
    },

    async list(place, { outcomes, after, rows: numbers, limit }) {
      if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
        throw new RangeError(`limit is 1 to 10,000, not ${limit}.`);
      if (outcomes?.length === 0 || numbers?.length === 0) return [];
      const filters = [
        ...(after === undefined ? [] : ['asset_id > $1']),
        ...(outcomes === undefined ? [] : [`outcome IN (${outcomes.map(literal).join(', ')})`]),
        ...(numbers === undefined ? [] : [`row_number IN (${numbers.map(Number).join(', ')})`]),
      ];
      const where = filters.length === 0 ? '' : ` WHERE ${filters.join(' AND ')}`;
      return readVisible(placePaths(place), async (files) => {
        if (files.length === 0) return [];
        const source = `read_parquet(${fileList(files)})`;
        const rows = await queryRows(
          `SELECT * FROM ${source}${where} ORDER BY asset_id LIMIT ${limit}`,
          after === undefined ? [] : [after],
        );
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
      return readVisible(placePaths(place), (files) => summariseParts(files, fields));
    },
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

import type { RunPlace } from '../../contracts/run.ts';
import { compileFilter } from '../compile-filter.ts';
import type { ResultQuery, ResultReader } from '../ports.ts';
import { checkLimit } from '../check-limit.ts';
import { filterColumns } from '../result-columns.ts';
import { emptySummary, summariseRows } from '../summarise-rows.ts';
import type { Parameter, Row, StoreDataset } from './dataset.ts';
import { GOOGLE_SQL_WORDS } from './filter-words.ts';
import { calling, emptyWithoutTable, isNotFound } from './google-errors.ts';
import { RUN_KEY } from './result-table.ts';
import { resultTable } from './result-table-name.ts';
import { toJsonValue, toStoredRow } from './stored-row.ts';
import { GOOGLE_SQL_SUMMARY_WORDS } from './summary-words.ts';

/** Reads what is visible in the table of a prompt. */
export function createBigQueryResultReader(store: StoreDataset): ResultReader {
  async function select(place: RunPlace, rest: string, params: Readonly<Record<string, Parameter>>) {
    const table = store.quoted(resultTable(place));
    const sql = `SELECT * EXCEPT(${RUN_KEY}) FROM ${table} WHERE ${RUN_KEY} = @key ${rest}`;
    const rows = await calling(`read ${table}`, () =>
      store.query(sql, { ...params, key: place.key }).catch(emptyWithoutTable),
    );
    return rows.map(toStoredRow);
  }

  return {
    columns: filterColumns,

    async list(place, query) {
      const { limit, outcomes, rows } = query;
      checkLimit(limit);
      if (outcomes?.length === 0 || rows?.length === 0) return [];
      const { conditions, params } = conditionsOf(query);
      return select(place, `${conditions.join(' ')} ORDER BY asset_id LIMIT ${limit}`, params);
    },

    async get(place, assetId) {
      const [row] = await select(place, 'AND asset_id = @asset LIMIT 1', { asset: assetId });
      return row;
    },

    // Rows are no files here.
    files: () => Promise.resolve([]),

    async summarise(place, fields) {
      const table = store.quoted(resultTable(place));
      const source = `(SELECT * FROM ${table} WHERE ${RUN_KEY} = @key)`;
      const query = async (sql: string) => (await store.query(sql, { key: place.key })).map(toPlainRow);
      const words = GOOGLE_SQL_SUMMARY_WORDS;
      return calling(`read ${table}`, () =>
        summariseRows({ source, words, query }, fields).catch((error: unknown) => {
          if (isNotFound(error)) return emptySummary(fields);
          throw error;
        }),
      );
    },
  };
}

function conditionsOf({ outcomes, after, rows, filter }: ResultQuery) {
  const compiled = filter && compileFilter(filter, GOOGLE_SQL_WORDS);
  const conditions = [
    after === undefined ? '' : 'AND asset_id > @after',
    outcomes === undefined ? '' : 'AND outcome IN UNNEST(@outcomes)',
    rows === undefined ? '' : 'AND row_number IN UNNEST(@rows)',
    compiled === undefined ? '' : `AND ${compiled.sql}`,
  ];
  const params: Readonly<Record<string, Parameter>> = {
    ...(after !== undefined && { after }),
    ...(outcomes !== undefined && { outcomes }),
    ...(rows !== undefined && { rows }),
    ...Object.fromEntries((compiled?.values ?? []).map((value, index) => [`p${index + 1}`, value])),
  };
  return { conditions, params };
}

function toPlainRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toJsonValue(value)]));
}

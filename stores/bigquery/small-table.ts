import type { TableField } from '@google-cloud/bigquery';
import type { Parameter, Row, StoreDataset } from './dataset.ts';
import { checkOwn } from './check-own.ts';
import { emptyWithoutTable, isDuplicate } from './google-errors.ts';
import { metadataOf } from './metadata-of.ts';

export interface SmallTableOptions {
  readonly name: string;
  readonly columns: readonly TableField[];
  readonly clusteredBy: string;
}

/** A table that has only a few columns. Where another has its name, both throw `StoreRefusedError`. */
export interface SmallTable {
  /** Creates it where it is missing, once in a process. */
  ready(): Promise<void>;
  /** Rows of a statement; none where there is no table yet. */
  rows(sql: string, params: Readonly<Record<string, Parameter>>): Promise<readonly Row[]>;
}

export function smallTable(store: StoreDataset, { name, columns, clusteredBy }: SmallTableOptions): SmallTable {
  let created: Promise<void> | undefined;
  const check = async (): Promise<void> =>
    checkOwn(store.quoted(name), await metadataOf(store.dataset.table(name)), columns);
  return {
    ready() {
      created ??= create(store, name, `(${columns.map(columnText).join(', ')}) CLUSTER BY ${clusteredBy}`)
        .then(check)
        .catch((error: unknown) => {
          created = undefined;
          throw error;
        });
      return created;
    },
    async rows(sql, params) {
      try {
        return await store.query(sql, params).catch(emptyWithoutTable);
      } catch (error) {
        // What BigQuery says of a column that is not there names neither the table nor the fix.
        await check();
        throw error;
      }
    },
  };
}

async function create(store: StoreDataset, name: string, definition: string): Promise<void> {
  try {
    await store.query(`CREATE TABLE IF NOT EXISTS ${store.quoted(name)} ${definition}`);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

function columnText({ name, type, mode }: TableField): string {
  return `${name} ${type}${mode === 'REQUIRED' ? ' NOT NULL' : ''}`;
}

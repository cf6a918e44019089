import type { Parameter, Row, StoreDataset } from './dataset.ts';
import { checkOwn } from './check-own.ts';
import { emptyWithoutTable, isBug, isDuplicate } from './google-errors.ts';
import { metadataOf } from './metadata-of.ts';
import { createSmallTable, type SmallTableOptions } from './own-tables.ts';

/** A table that has only a few columns. Where another has its name, both throw `StoreRefusedError`. */
export interface SmallTable {
  /** Creates it where it is missing, once in a process. */
  ready(): Promise<void>;
  /** Rows of a statement; none where there is no table yet. */
  rows(sql: string, params: Readonly<Record<string, Parameter>>): Promise<readonly Row[]>;
}

export function smallTable(store: StoreDataset, table: SmallTableOptions): SmallTable {
  const { name, columns } = table;
  let created: Promise<void> | undefined;
  const check = async (): Promise<void> =>
    checkOwn(store.quoted(name), await metadataOf(store.dataset.table(name)), columns);
  return {
    ready() {
      created ??= create(store, table)
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
        if (isBug(error)) await check();
        throw error;
      }
    },
  };
}

async function create(store: StoreDataset, table: SmallTableOptions): Promise<void> {
  try {
    await store.query(createSmallTable(table, store.quoted(table.name)));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

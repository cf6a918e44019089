import type { Table, TableMetadata } from '@google-cloud/bigquery';
import { isNotFound } from './google-errors.ts';

/** What BigQuery knows of a table or view; undefined where there is none. */
export async function metadataOf(table: Table): Promise<TableMetadata | undefined> {
  try {
    const [metadata] = await table.getMetadata();
    return metadata as TableMetadata;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBValue, JS } from '@duckdb/node-api';
import pLimit from 'p-limit';
import { StoreMismatchError, StoreUnavailableError } from './ports.ts';

/** Statements at once: each holds one of the process's few background threads until it ends. */
const statementsAtOnce = pLimit(2);

let instance: Promise<DuckDBInstance> | undefined;

/** Runs a statement off the main thread; returns the number of rows it wrote. */
export async function runSql(sql: string): Promise<number> {
  const rows = await withConnection(async (connection) => (await connection.runAndReadAll(sql)).getRowsJS());
  return Number(rows[0]?.[0] ?? 0);
}

/** The rows of a query, as JavaScript values: 64-bit integers are bigints, timestamps are dates. */
export async function queryRows(sql: string, values: DuckDBValue[] = []): Promise<Record<string, JS>[]> {
  return withConnection(async (connection) => (await connection.runAndReadAll(sql, values)).getRowObjectsJS());
}

/** Hands the result of a query over piece by piece, so that memory stays flat. */
export async function scanSql(sql: string, onChunk: (chunk: DuckDBDataChunk) => void): Promise<void> {
  await withConnection(async (connection) => {
    const result = await connection.stream(sql);
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      onChunk(chunk);
    }
  });
}

/** Whether a query failed because one of its files is not there (any more). */
export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && /No files found|No such file/.test(`${error.message} ${String(error.cause)}`);
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Paths as the first arguments of `read_parquet` and `read_json`, taken as they are: signs such as `*` in them stand for
 * themselves, and folders called `name=value` add no columns.
 */
export function fileList(paths: readonly string[]): string {
  return `[${paths.map(pathLiteral).join(', ')}], hive_partitioning = false`;
}

/** A path as an SQL literal, in which `*`, `?` and `[` stand for themselves. */
export function pathLiteral(path: string): string {
  return literal(path.replace(/[*?[]/g, '[$&]'));
}

async function withConnection<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  return statementsAtOnce(async () => {
    const connection = await (await sharedInstance()).connect();
    try {
      return await use(connection);
    } catch (error) {
      throw toStoreError(error);
    } finally {
      connection.closeSync();
    }
  });
}

function sharedInstance(): Promise<DuckDBInstance> {
  instance ??= DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '512MB',
    // Parts are read once or twice: keeping them would only make the process grow up to the limit.
    enable_external_file_cache: 'false',
    temp_directory: join(tmpdir(), `sightline-duckdb-${process.pid}`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  return instance;
}

function toStoreError(error: unknown): unknown {
  if (error instanceof Error && /^(IO|Out of Memory) Error/.test(error.message)) {
    return new StoreUnavailableError(
      `The data folder cannot be used: ${error.message} Free space, or fix the folder.`,
      {
        cause: error,
      },
    );
  }
  if (error instanceof Error && error.message.startsWith('Invalid Input Error')) {
    return new StoreMismatchError(`A stored file is damaged: ${error.message}`, { cause: error });
  }
  return error;
}

/** The value of a text column. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`a text column holds ${typeof value}`);
  return value;
}

import { DuckDBInstance, DuckDBTypeId, type DuckDBConnection } from '@duckdb/node-api';
import { open } from 'node:fs/promises';
import type { ParquetSpec } from '../contracts/source.ts';
import { literalPath } from './literal-path.ts';
import { SourceError, type AssetSource } from './ports.ts';
import { sourceErrorOf } from './source-error-of.ts';
import { createTableSource } from './table-source.ts';
import type { Cell, TableEntry } from './table-reader.ts';

/** A Parquet file, read piece by piece; rows count as lines. Times become ISO 8601, whole numbers stay exact. */
export function createParquetSource(): AssetSource<ParquetSpec> {
  return createTableSource({ kind: 'parquet', open: checkFile, entries });
}

const MAGIC = 'PAR1';
const WHOLE_NUMBERS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
]);

async function checkFile(spec: ParquetSpec): Promise<ParquetSpec> {
  const { path } = spec;
  try {
    await using file = await open(path);
    const stats = await file.stat();
    if (!stats.isFile()) throw new SourceError('InvalidRequest', `${path} is no regular file; a source must be a file`);
    const ends = [0, Math.max(0, stats.size - MAGIC.length)];
    for (const position of ends) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, position);
      if (buffer.toString('latin1', 0, bytesRead) === MAGIC) continue;
      const problem =
        position === 0
          ? 'is no Parquet file; let its name end in what it is, or write it again'
          : 'is cut off: its end is missing; write or copy it again';
      throw new SourceError('InvalidRequest', `${path} ${problem}`);
    }
  } catch (error) {
    throw sourceErrorOf(path, 'file', error);
  }
  return spec;
}

async function* entries({ path }: ParquetSpec): AsyncIterable<readonly TableEntry[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '256MB' });
  const connection = await instance.connect();
  try {
    yield* rows(path, connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function* rows(path: string, connection: DuckDBConnection): AsyncIterable<readonly TableEntry[]> {
  let line = 0;
  try {
    const result = await connection.stream('SELECT * FROM read_parquet($1, hive_partitioning = false)', [
      literalPath(path),
    ]);
    const names = result.deduplicatedColumnNames();
    const whole = names.filter((_, index) => WHOLE_NUMBERS.has(result.columnTypeId(index)));
    for await (const chunk of result.yieldRowsJson()) {
      const before = line;
      line += chunk.length;
      yield chunk.map((row, index) => {
        const values = withNumbers(Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])), whole);
        return { line: before + index + 1, values, original: () => ({ text: JSON.stringify(values) }) };
      });
    }
  } catch (error) {
    if (!(error instanceof Error) || error instanceof SourceError) throw error;
    throw new SourceError('InvalidRequest', `${path} cannot be read as Parquet: ${firstLine(error.message)}`, {
      cause: error,
    });
  }
}

/** Whole numbers of 64 bits come as text; those that a number can hold become one. */
function withNumbers(row: Readonly<Record<string, Cell>>, names: readonly string[]): Readonly<Record<string, Cell>> {
  if (names.length === 0) return row;
  const numbers = names.flatMap((name) => {
    const number = Number(row[name] ?? Number.NaN);
    return Number.isSafeInteger(number) ? [[name, number] as const] : [];
  });
  return { ...row, ...Object.fromEntries(numbers) };
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 300);
}

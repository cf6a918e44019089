import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runSql, literal } from '../../stores/duckdb.ts';

/** The bytes of a Parquet file with what a statement selects; `dir` is where it may lie meanwhile. */
export async function parquetFile(dir: string, select: string): Promise<Buffer> {
  const path = join(dir, 'whole.parquet');
  await runSql(`COPY (${select}) TO ${literal(path)} (FORMAT parquet)`);
  return readFile(path);
}

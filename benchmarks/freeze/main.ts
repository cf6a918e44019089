import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openGoogle } from '../../google/open-google.ts';
import { createSources } from '../../sources/index.ts';
import { makeRunPlace, openParquetStores } from '../../stores/index.ts';
import { drawTable } from './draw-table.ts';

// One table in one process: `main.ts freeze|copy <csv> <folder>`. Prints the time in ms and the most memory, in bytes.
const [what = '', csv = '', folder = ''] = process.argv.slice(2);
const act = what === 'copy' ? copy : freeze;
await act(await drawTable(join(folder, `warm-up-${process.pid}.csv`), 1_000), 'warm-up');
const startedMs = performance.now();
const rows = await act(csv, 'measured');
process.stdout.write(JSON.stringify({ ms: performance.now() - startedMs, peakBytes: peakBytes(), rows }));

/** As a worker does when a run starts. */
async function freeze(path: string, executionId: string): Promise<number> {
  const source = createSources(openGoogle()).find('csv');
  const store = { kind: 'parquet' as const, path: join(folder, `data-${process.pid}`) };
  const place = makeRunPlace({ runId: 'freeze', executionId, store, prompt: 'photo-quality' });
  const spec = await source.settle({ kind: 'csv', path });
  const statement = await source.statement?.(spec);
  const assets = (onReject: Parameters<typeof source.assets>[1]) => source.assets(spec, onReject);
  return (await openParquetStores(store.path).manifests.freeze(place, { assets, statement: statement ?? null })).rows;
}

/** What anybody would type into DuckDB. */
async function copy(path: string, name: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const target = join(folder, `${name}-${process.pid}.parquet`);
  const result = await connection.runAndReadAll(`COPY (FROM read_csv('${path}')) TO '${target}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return Number(result.getRowsJS()[0]?.[0]);
}

/** The most memory that this process has had at once. */
function peakBytes(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

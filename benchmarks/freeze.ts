import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { drawTable } from './freeze/draw-table.ts';
import { compare, measure } from './measure.ts';
import type { Benchmark, BenchmarkOptions, Measurement } from './measurement.ts';
import { median } from './statistics.ts';

const MAIN = fileURLToPath(new URL('freeze/main.ts', import.meta.url));

/** What freezing a table costs, and whether its memory stays flat. */
export const freeze: Benchmark = {
  name: 'freeze',
  title: 'Freezing a CSV of a million rows',
  method: `A CSV of 1,000,000 rows and seven columns (id, address of an image, place, time, two others; 132 MB, drawn from fixed
numbers) becomes a manifest as at the start of a run: encoding and columns found out, every row checked, ids compared,
digest made, file written and synced; against \`COPY (FROM read_csv(...)) TO ... (FORMAT parquet)\` by DuckDB with its own
defaults. Each in a process of its own, warmed up by 1,000 rows; trials alternate. \`with-a-duplicate\` is the same file with
one id twice: then it is read row by row, so that the row can be named. Memory is the most that the process had at once.`,
  bars: [
    { measurement: 'freeze/throughput', of: 'ratio', atLeast: 1 / 1.5 },
    { measurement: 'freeze/memory-growth', of: 'value', atMost: 1.1 },
  ],
  async run(options) {
    const million = options.quick ? 20_000 : 1_000_000;
    const trials = options.quick ? 2 : 7;
    const table = await drawTable(join(options.dir, 'million.csv'), million);
    const ours: Trial[] = [];
    const plain: Trial[] = [];
    for (let trial = 1; trial <= trials; trial += 1) {
      ours.push(await runTrial(options, 'freeze', table));
      plain.push(await runTrial(options, 'copy', table));
    }
    const perSecond = (all: readonly Trial[]): number[] => all.map(({ rows, ms }) => (rows * 1000) / ms);
    const megabytes = (all: readonly Trial[]): number[] => all.map(({ peakBytes }) => peakBytes / 1e6);
    return [
      compare('freeze/throughput', 'rows/s', perSecond(ours), perSecond(plain)),
      compare('freeze/memory', 'MB', megabytes(ours), megabytes(plain)),
      ...(await measureGrowth(options, million, median(megabytes(ours)))),
      measure(
        'freeze/with-a-duplicate',
        'rows/s',
        perSecond([await runTrial(options, 'freeze', await drawTable(join(options.dir, 'twice.csv'), million, true))]),
      ),
    ];
  },
};

interface Trial {
  readonly ms: number;
  readonly peakBytes: number;
  readonly rows: number;
}

/** Four times the rows must not take more memory. */
async function measureGrowth(
  options: BenchmarkOptions,
  million: number,
  before: number,
): Promise<readonly Measurement[]> {
  const table = await drawTable(join(options.dir, 'four-million.csv'), million * 4);
  const { peakBytes } = await runTrial(options, 'freeze', table);
  return [
    measure('freeze/memory-4-million', 'MB', [peakBytes / 1e6]),
    measure('freeze/memory-growth', 'times', [peakBytes / 1e6 / before]),
  ];
}

async function runTrial({ dir, say }: BenchmarkOptions, what: 'freeze' | 'copy', table: string): Promise<Trial> {
  const folder = await mkdtemp(join(dir, `${what}-`));
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, what, table, folder]);
  await rm(folder, { recursive: true });
  const trial = JSON.parse(stdout) as Trial;
  say(`${what}: ${trial.rows} rows, ${Math.round(trial.ms)} ms, ${Math.round(trial.peakBytes / 1e6)} MB`);
  return trial;
}

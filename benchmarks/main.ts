import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { locateTemporalBinary } from '../cli/temporal-server/locate-temporal.mjs';
import { firstRow } from './first-row.ts';
import { freeze } from './freeze.ts';
import { image } from './image.ts';
import { inFlight } from './in-flight.ts';
import { insert } from './insert.ts';
import type { Benchmark, Measurement } from './measurement.ts';
import { overhead } from './overhead.ts';
import { parseArguments, type BenchArguments } from './parse-arguments.ts';
import { formatNumber } from './report/format-number.ts';
import { machineFacts } from './report/machine-facts.ts';
import { renewSection, reportPage, type Results } from './report/report-page.ts';
import { scale } from './scale.ts';
import { snapshot } from './snapshot.ts';

const BENCHMARKS: readonly Benchmark[] = [overhead, scale, image, freeze, firstRow, inFlight, insert, snapshot];
const PAGE = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));

try {
  const names = BENCHMARKS.map(({ name }) => name);
  await runBenchmarks(parseArguments(process.argv.slice(2), names));
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  say(error.message);
  process.exitCode = 2;
}

async function runBenchmarks({ name, json, quick }: BenchArguments): Promise<void> {
  const location = await locateTemporalBinary();
  if (location.kind === 'missing') throw new Error('no Temporal program: npm run bench sets it up');
  const temporal = location.binary.path;
  const dir = temporaryFolder();
  const results: Results[] = [];
  for (const benchmark of BENCHMARKS.filter((one) => name === undefined || one.name === name)) {
    say(benchmark.title);
    const measurements = await benchmark.run({ quick, dir, temporal, say });
    results.push({ benchmark, measurements });
    for (const measurement of measurements)
      process.stdout.write(`${json ? JSON.stringify(measurement) : line(measurement)}\n`);
  }
  if (quick) return;
  await writeFile(PAGE, await pageOf(name, results, temporal));
  say('docs/benchmarks.md is written');
}

/** One benchmark alone leaves the sections of the others as they are. */
async function pageOf(name: string | undefined, results: readonly Results[], temporal: string): Promise<string> {
  const date = new Date().toISOString().slice(0, 10);
  const [only] = results;
  if (name === undefined || !only) return reportPage(await machineFacts(temporal), results, date);
  const titles = BENCHMARKS.map(({ title }) => title);
  return renewSection(await readFile(PAGE, 'utf8'), only, date, titles);
}

/** Removed when this process ends, also by Ctrl-C; servers and workers end by themselves then. */
function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'sightline-bench-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  return dir;
}

function line({ name, value, unit, ratio, spread }: Measurement): string {
  const compared = ratio === null ? '' : `, ratio ${ratio.toFixed(3)}`;
  return `${name}: ${formatNumber(value)} ${unit}${compared}, spread ${(spread * 100).toFixed(1)} %`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadStreetAssets } from '../fake-google/street-assets/load-street-assets.ts';
import { openBigQuery } from '../google/open-bigquery.ts';
import type { PagesInput, PagesResult } from './google/page-main.ts';
import { startDataset } from './google/start-dataset.ts';
import { measure } from './measure.ts';
import type { Benchmark } from './measurement.ts';

const MAIN = fileURLToPath(new URL('google/page-main.ts', import.meta.url));

/** What the largest published table takes before its first call, and whether memory stays flat. */
export const snapshot: Benchmark = {
  name: 'snapshot',
  title: 'A snapshot of street imagery',
  method: `A table of observations in the shape and size of a published snapshot (480,000 observations of 207,000 assets, some of them
odd) is frozen into a table of the results dataset by one statement, what is rejected into another beside it, and all pages of the
first are read, a shard at a time, as a run does it; in a process of its own, with the stand-in for BigQuery on the same machine.
\`memory-growth\` is the most memory of that process in the last quarter of the pages, divided by that in the second: in the first it
warms up.`,
  bars: [{ measurement: 'snapshot/memory-growth', of: 'value', atMost: 1.1 }],
  async run({ dir, quick, say }) {
    await using dataset = await startDataset(await mkdtemp(join(dir, 'snapshot-')));
    const { spec, servers } = dataset;
    const client = openBigQuery({ project: spec.project, apiEndpoint: servers.apiEndpoint });
    const assets = quick ? 2_000 : 207_700;
    const street = await loadStreetAssets(client, { assets, seed: 'snapshot', bucket: 'pictures', dataset: 'street' });
    say(`${street.latestRows} observations`);
    const input: PagesInput = { path: `bq://${spec.project}.street.${street.tables.latest}`, store: spec, servers };
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, JSON.stringify(input)]);
    const { rows, freezeMs, readMs, freezeMb, quartersMb } = JSON.parse(stdout) as PagesResult;
    return [
      measure('snapshot/observations', 'rows', [street.latestRows]),
      measure('snapshot/assets', 'rows', [rows]),
      measure('snapshot/freeze', 'assets/s', [(rows * 1000) / freezeMs]),
      measure('snapshot/read', 'assets/s', [(rows * 1000) / readMs]),
      measure('snapshot/freeze-memory', 'MB', [freezeMb]),
      measure('snapshot/read-memory', 'MB', [Math.max(...quartersMb)]),
      measure('snapshot/memory-growth', 'times', [(quartersMb.at(-1) ?? 0) / (quartersMb[1] ?? 0)]),
    ];
  },
};

import { readFileSync } from 'node:fs';
import { DEFAULT_LIMITS } from '../../contracts/limits.ts';
import type { StoreSpec } from '../../contracts/run.ts';
import { credentialsAt, openGoogle } from '../../google/open-google.ts';
import { createSources } from '../../sources/index.ts';
import { createStoreFinder, type BigQueryServers } from '../../stores/find-stores.ts';
import { makeRunPlace } from '../../stores/index.ts';

// Freezes one table and reads all its pages: `page-main.ts <json>`. Prints what it took.
const { path, store, servers } = JSON.parse(process.argv[2] ?? '') as PagesInput;

export interface PagesInput {
  readonly path: string;
  readonly store: StoreSpec;
  readonly servers: Required<BigQueryServers>;
}

export interface PagesResult {
  readonly rows: number;
  readonly freezeMs: number;
  readonly readMs: number;
  /** Most memory at once, in MB: while it was frozen, and in each quarter of the pages. */
  readonly freezeMb: number;
  readonly quartersMb: readonly number[];
}

const google = openGoogle({ bigQueryEndpoint: servers.apiEndpoint });
const source = createSources(google).find('bigquery');
const { storage } = google;
const finder = createStoreFinder({ dataDir: '', home: '', bigQuery: servers, credentialsAt, storage });
const { manifests } = await finder.of(store);
const place = makeRunPlace({ runId: 'pages', executionId: 'only', store, prompt: 'utility-pole' });
const startedMs = performance.now();
const spec = await source.settle({ kind: 'bigquery', path });
const statement = (await source.statement?.(spec)) ?? null;
const manifest = await manifests.freeze(place, { assets: (onReject) => source.assets(spec, onReject), statement });
const freezeMs = performance.now() - startedMs;
const freezeMb = residentMb();
const quartersMb: number[] = [];
const quarter = Math.ceil(manifest.rows / 4);
let most = 0;
for (let start = 0; start < manifest.rows; start += DEFAULT_LIMITS.shardSize) {
  const end = Math.min(start + DEFAULT_LIMITS.shardSize, manifest.rows);
  await manifests.read(place, manifest, [{ start, end }]);
  most = Math.max(most, residentMb());
  if (Math.floor(end / quarter) === quartersMb.length + 1 || end === manifest.rows) {
    quartersMb.push(most);
    most = 0;
  }
}
const readMs = performance.now() - startedMs - freezeMs;
finder.close();
process.stdout.write(
  JSON.stringify({ rows: manifest.rows, freezeMs, readMs, freezeMb, quartersMb } satisfies PagesResult),
);

function residentMb(): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BigQuery, Table } from '@google-cloud/bigquery';
import { NEWEST_SNAPSHOT, OLDER_SNAPSHOT, makeStreetTable } from './make-street-table.ts';
import type { StreetOptions } from './make-street-table.ts';
import { ODDITIES } from './oddities.ts';
import type { Oddity } from './oddities.ts';
import type { StreetBucket } from './street-bucket.ts';
import { ASSET_SCHEMA, OBSERVATION_SCHEMA, SNAPSHOT_SCHEMA, type Asset, type Observation } from './street-rows.ts';

/** Tables are named differently in the two generations of the data set. */
export const STREET_TABLES = {
  preview: {
    latest: 'latest_observations',
    all: 'all_observations',
    assets: 'latest_assets',
    allAssets: 'all_assets',
  },
  current: {
    latest: 'cropped_observations_latest',
    all: 'cropped_observations_all',
    assets: 'cropped_assets_latest',
    allAssets: 'cropped_assets_all',
  },
} as const;

export interface LoadOptions extends StreetOptions {
  readonly dataset: string;
  /** Default: `current`. */
  readonly generation?: keyof typeof STREET_TABLES;
  /** Places, poses and boxes are text, as they are in tables that came through JSON. Default: floats. */
  readonly numbersAsText?: boolean;
  /** Where the images are put. Default: nowhere. */
  readonly images?: StreetBucket;
}

/** What was loaded. */
export interface LoadedStreet {
  readonly tables: (typeof STREET_TABLES)[keyof typeof STREET_TABLES];
  /** Rows of the table of the newest snapshot, and of the one of all. */
  readonly latestRows: number;
  readonly allRows: number;
  /** Rows of the table of assets, most of which have no observation. */
  readonly assetRows: number;
  /** Ids of the assets that have something odd. */
  readonly oddAssets: Readonly<Record<Oddity, readonly string[]>>;
}

/** Rows of one upload: the server takes each in memory. */
const UPLOAD_ROWS = 20_000;

/** Makes the tables of street imagery in a new data set and, where wanted, the images that they name. */
export async function loadStreetAssets(client: BigQuery, options: LoadOptions): Promise<LoadedStreet> {
  const tables = STREET_TABLES[options.generation ?? 'current'];
  const [dataset] = await client.createDataset(options.dataset);
  const create = async (name: string, schema: object) => {
    const [table] = await dataset.createTable(name, { schema: options.numbersAsText ? withText(schema) : schema });
    return table;
  };
  const latest = createLoader(await create(tables.latest, OBSERVATION_SCHEMA));
  const all = createLoader(await create(tables.all, OBSERVATION_SCHEMA));
  const assets = createLoader(await create(tables.assets, ASSET_SCHEMA));
  const allAssets = createLoader(await create(tables.allAssets, ASSET_SCHEMA));
  const snapshots = createLoader(await create('snapshots', SNAPSHOT_SCHEMA));
  const odd = Object.fromEntries(ODDITIES.map((oddity) => [oddity, [] as string[]])) as Record<Oddity, string[]>;
  for (const entry of makeStreetTable(options)) {
    await latest.add(entry.latest);
    await all.add([...entry.older, ...entry.latest]);
    await assets.add([entry.asset]);
    await allAssets.add([...entry.older.slice(0, 1).map(assetOf), entry.asset]);
    await options.images?.put(entry);
    if (entry.oddity !== undefined) odd[entry.oddity].push(entry.asset.asset_id);
  }
  await snapshots.add([snapshotRow(OLDER_SNAPSHOT, -30), snapshotRow(NEWEST_SNAPSHOT, -2)]);
  for (const loader of [latest, all, assets, allAssets, snapshots]) await loader.flush();
  return {
    tables,
    latestRows: latest.rows(),
    allRows: all.rows(),
    assetRows: assets.rows(),
    oddAssets: odd,
  };
}

function assetOf({ snapshot_id, asset_id, asset_type, location, detection_time }: Observation): Asset {
  return { snapshot_id, asset_id, asset_type, location, detection_time };
}

function withText(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"FLOAT"', '"STRING"')) as object;
}

function snapshotRow(snapshotId: string, days: number): object {
  const created = new Date(Date.now() + days * 86_400_000).toISOString();
  return { snapshot_id: snapshotId, subscription_id: 'sightline-sample', creation_time: created };
}

/** Loads rows into a table, many at a time, from newline-delimited JSON. */
function createLoader(table: Table) {
  let waiting: object[] = [];
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const folder = await mkdtemp(join(tmpdir(), 'sightline-street-'));
    try {
      const file = join(folder, 'rows.ndjson');
      await pipeline(Readable.from(waiting.map((row) => `${JSON.stringify(row)}\n`)), createWriteStream(file));
      const [job] = await table.load(file, { sourceFormat: 'NEWLINE_DELIMITED_JSON' });
      const problem = job.status?.errorResult?.message;
      if (problem !== undefined) throw new Error(`Rows cannot be loaded into ${table.id}: ${problem}`);
      waiting = [];
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  return {
    rows: () => rows,
    flush,
    add: async (more: readonly object[]): Promise<void> => {
      waiting.push(...more);
      rows += more.length;
      if (waiting.length >= UPLOAD_ROWS) await flush();
    },
  };
}

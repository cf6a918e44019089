import type { BigQuerySpec } from '../contracts/source.ts';
import { SNAPSHOT_DAYS, type SnapshotEnd, type StreetFacts } from '../contracts/street-facts.ts';
import type { BigQueryRow } from './bigquery-entries.ts';
import type { BigQueryReads } from './bigquery-reads.ts';
import { ifAllowed } from './if-allowed.ts';
import { snapshotQuery } from './snapshot-query.ts';
import { streetTablesBeside } from './street-tables.ts';
import { unseenQuery } from './unseen-query.ts';

/** Queries over tables beside the observations, which can be run; a table that is not there, or may not be seen, has none. */
export interface StreetQueries {
  readonly snapshot?: string;
  readonly unseen?: string;
}

/** Takes a settled specification. */
export async function findStreetQueries(reads: BigQueryReads, spec: BigQuerySpec): Promise<StreetQueries> {
  const tables = spec.grouping === 'observations' ? streetTablesBeside(spec.path) : null;
  if (tables === null) return {};
  const { snapshots: path, assets, product } = tables;
  const snapshot = await runnable(reads, spec, path, (columns) =>
    HAS_SNAPSHOTS.every((name) => columns.includes(name))
      ? snapshotQuery({ path, columns, product, snapshot: spec.filters?.snapshot })
      : null,
  );
  const unseen = assets && (await runnable(reads, spec, assets, (columns) => unseenQuery(spec, assets, columns)));
  return { ...(snapshot !== null && { snapshot }), ...(unseen !== null && { unseen }) };
}

const HAS_SNAPSHOTS = ['snapshot_id', 'creation_time'];

export async function readStreetFacts(
  reads: BigQueryReads,
  spec: BigQuerySpec,
  queries: StreetQueries,
): Promise<StreetFacts> {
  const snapshot = endOf(await firstRow(reads, spec, queries.snapshot));
  const unseenAssets = Number((await firstRow(reads, spec, queries.unseen))?.['unseen'] ?? 0);
  return { ...(snapshot !== null && { snapshot }), ...(unseenAssets > 0 && { unseenAssets }) };
}

function endOf(row: BigQueryRow | null): SnapshotEnd | null {
  if (row === null) return null;
  const endsMs = Number(row['made_ms']) + SNAPSHOT_DAYS * DAY_MS;
  return { id: String(row['snapshot_id']), endsAt: new Date(endsMs).toISOString() };
}

const DAY_MS = 86_400_000;

/** Looks at a table, and at the query over it: neither is paid for. */
async function runnable(
  reads: BigQueryReads,
  spec: BigQuerySpec,
  path: string,
  queryOf: (columns: readonly string[]) => string | null,
): Promise<string | null> {
  return ifAllowed(async () => {
    const query = queryOf((await reads.look({ ...spec, path })).columns);
    if (query !== null) await reads.check(spec, [query]);
    return query;
  });
}

async function firstRow(
  reads: BigQueryReads,
  spec: BigQuerySpec,
  query: string | undefined,
): Promise<BigQueryRow | null> {
  if (query === undefined) return null;
  return ifAllowed(async () => {
    for await (const [row] of reads.rows(spec, query)) return row ?? null;
    return null;
  });
}

import type { BigQuery } from '@google-cloud/bigquery';
import { ok } from '../contracts/failures.ts';
import type { BigQuerySpec } from '../contracts/source.ts';
import {
  assetsQuery,
  OBSERVATION_COLUMNS,
  plainAssetsQuery,
  rowsQuery,
  strayEntriesQuery,
  strayQuery,
  unevenQuery,
} from './assets-query.ts';
import { capOf, createBigQueryReads, type BigQueryReads } from './bigquery-reads.ts';
import { queryCostUsd } from './bigquery-price.ts';
import { assetEntry, rowEntry, strayEntry } from './bigquery-entries.ts';
import { parseBigQueryPath } from './parse-bigquery-path.ts';
import { SourceError, type AssetSource, type AssetStatement } from './ports.ts';
import { classesThere, createClassCounts } from './street-classes.ts';
import { findStreetQueries, readStreetFacts } from './street-facts.ts';
import { createTableSource, isSettled } from './table-source.ts';
import type { Settled, TableEntry } from './table-reader.ts';

/** The client for jobs of a project; asked for when a table is read. */
export type OpenBigQuery = (project: string) => Promise<BigQuery>;

/**
 * A table or view of BigQuery, or what a query gives. Observations of street imagery are known by their columns and become assets
 * there, by one query; of any other table the columns are found out as those of a file. What would read more bytes than allowed
 * is not run. Memory does not grow with the table, but with the number of ids.
 */
export function createBigQuerySource(openBigQuery: OpenBigQuery, jobsProject = ''): AssetSource<BigQuerySpec> {
  const reads = createBigQueryReads(openBigQuery, jobsProject);
  const source = createTableSource<BigQuerySpec>({
    kind: 'bigquery',
    isMetered: true,
    open: (spec) => openSpec(reads, spec),
    entries: (spec) => (isSettled(spec) ? allEntries(reads, spec) : firstEntries(reads, spec)),
    statement: async (spec) => (spec.grouping === 'observations' ? statementOf(spec) : null),
  });
  const endsAt = async (spec: BigQuerySpec) => (spec.query === undefined ? (await reads.look(spec)).endsAt : null);
  return {
    ...source,
    endsAt,
    oddities: (spec) => odditiesOf(reads, spec),
    street: async (spec) => readStreetFacts(reads, spec, await findStreetQueries(reads, spec)),
    async describe(spec, watch) {
      const classes = createClassCounts();
      const described = await source.describe(spec, {
        ...watch,
        onAsset(asset) {
          classes.add(asset);
          watch?.onAsset?.(asset);
        },
      });
      if (!described.ok) return described;
      const { spec: settled } = described.value;
      const beside = await findStreetQueries(reads, settled);
      const bytes = await reads.bytesOf(settled, [...queriesOf(settled), ...Object.values(beside)]);
      const ends = await endsAt(spec);
      const oddities = await odditiesOf(reads, settled);
      return ok({
        ...described.value,
        reading: { bytes, costUsd: queryCostUsd(bytes) },
        ...(ends !== null && { endsAt: ends }),
        ...(oddities.length > 0 && { oddities }),
        ...(settled.grouping === 'observations' && {
          street: { ...(await readStreetFacts(reads, settled, beside)), classes: classes.all() },
        }),
      });
    },
  };
}

/** What observations are turned into by the query, as columns of a table. */
const OBSERVATION_MAP = {
  id: 'asset_id',
  image: ['images'],
  latitude: 'latitude',
  longitude: 'longitude',
  time: 'detection_time',
} as const;

/** Roots of relative paths are there for files; a person may name a bucket. */
const NO_BASE = '/';

/** Finds out what the table holds and pins it to this moment. */
async function openSpec(reads: BigQueryReads, spec: BigQuerySpec): Promise<BigQuerySpec> {
  if (isSettled(spec) && spec.grouping !== undefined) return spec;
  checkPlace(spec);
  const { columns, canTravel } = await reads.look(spec);
  const isStreet = OBSERVATION_COLUMNS.every((name) => columns.includes(name));
  const saysColumns = spec.map !== undefined || spec.rowsPerAsset !== undefined;
  const grouping = spec.grouping ?? (isStreet && !saysColumns ? 'observations' : 'none');
  checkGrouping({ ...spec, grouping }, columns);
  checkColumns({ ...spec, grouping }, columns);
  const settled: BigQuerySpec = {
    ...spec,
    grouping,
    base: spec.base ?? NO_BASE,
    ...(grouping === 'observations' && { map: OBSERVATION_MAP, rowsPerAsset: 'one' }),
  };
  const asOf = await reads.check(settled, queriesOf(settled));
  if (!canTravel || spec.asOf !== undefined) return settled;
  const pinned = { ...settled, asOf };
  return (await isAccepted(reads, pinned)) ? pinned : settled;
}

/** Not every table that is shared may be read as it was. */
async function isAccepted(reads: BigQueryReads, spec: BigQuerySpec): Promise<boolean> {
  try {
    await reads.check(spec, queriesOf(spec));
    return true;
  } catch (error) {
    if (error instanceof SourceError && error.failure === 'InvalidRequest') return false;
    throw error;
  }
}

function queriesOf(spec: BigQuerySpec): readonly string[] {
  return spec.grouping === 'observations'
    ? [assetsQuery(spec), strayQuery(spec), unevenQuery(spec)]
    : [rowsQuery(spec, spec.map?.id)];
}

async function odditiesOf(reads: BigQueryReads, spec: BigQuerySpec): Promise<readonly string[]> {
  if (spec.grouping !== 'observations') return [];
  const found: string[] = [];
  for await (const [row] of reads.rows(spec, unevenQuery(spec))) {
    const [moved, odd] = [Number(row?.['moved']), Number(row?.['odd'])];
    if (moved > 0)
      found.push(
        `${counted(moved, 'asset was', 'assets were')} seen at more than one place: that of the newest observation is taken`,
      );
    if (odd > 0)
      found.push(`${counted(odd, 'observation has', 'observations have')} a place that is no number: it is left out`);
  }
  return found;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

function checkPlace({ path, query }: BigQuerySpec): void {
  if (query?.trim() === '') throw new SourceError('InvalidRequest', `${path}: the query is empty; write a SELECT`);
  const { table } = parseBigQueryPath(path);
  if (table === undefined && query === undefined) {
    throw new SourceError(
      'InvalidRequest',
      `${path} is a project; name a table, bq://PROJECT.DATASET.TABLE, or a query`,
    );
  }
  if (table !== undefined && query !== undefined) {
    throw new SourceError(
      'InvalidRequest',
      `${path} is a table, and there is a query; with a query name the project only`,
    );
  }
}

function checkGrouping(spec: BigQuerySpec, columns: readonly string[]): void {
  const { path, grouping, filters, imagesPerAsset } = spec;
  const missing = OBSERVATION_COLUMNS.filter((name) => !columns.includes(name));
  if (grouping === 'observations' && missing.length > 0) {
    throw new SourceError(
      'InvalidRequest',
      `${path} has no observations to group: it lacks ${missing.join(', ')}. Its columns: ${columns.slice(0, 30).join(', ')}`,
    );
  }
  const named = filters !== undefined ? 'filters' : imagesPerAsset !== undefined ? 'imagesPerAsset' : null;
  if (grouping === 'none' && named !== null) {
    throw new SourceError(
      'InvalidRequest',
      `${path} is not read as observations of street imagery, and only those take "${named}"; choose rows with a query`,
    );
  }
}

/** The client of BigQuery loses the values of such a column, and calls it undefined. */
function checkColumns({ path, grouping }: BigQuerySpec, columns: readonly string[]): void {
  if (grouping === 'observations' || !columns.includes(LOST_COLUMN)) return;
  throw new SourceError(
    'InvalidRequest',
    `${path} has a column ${LOST_COLUMN}, which cannot be read; take a query that gives it another name: SELECT * EXCEPT(\`${LOST_COLUMN}\`), \`${LOST_COLUMN}\` AS proto`,
  );
}

const LOST_COLUMN = '__proto__';

/** A few rows to find out columns by: those of a table cost nothing. */
async function* firstEntries(reads: BigQueryReads, spec: BigQuerySpec): AsyncIterable<readonly TableEntry[]> {
  yield (await reads.first(spec, rowsQuery(spec))).map(rowEntry);
}

async function* allEntries(reads: BigQueryReads, spec: Settled<BigQuerySpec>): AsyncIterable<readonly TableEntry[]> {
  if (spec.grouping !== 'observations') {
    for await (const rows of reads.rows(spec, rowsQuery(spec, spec.map.id))) yield rows.map(rowEntry);
    return;
  }
  let found = 0;
  for await (const rows of reads.rows(spec, assetsQuery(spec))) {
    found += rows.length;
    yield rows.map(assetEntry);
  }
  for await (const rows of reads.rows(spec, strayQuery(spec))) {
    found += rows.length;
    yield rows.map(strayEntry);
  }
  if (found > 0) return;
  const classes = await classesThere(reads, spec);
  const there = classes.length === 0 ? '' : `. Classes there: ${classes.join(', ')}`;
  const message = `${spec.path} has no observations that fit the filters; make them wider${there}`;
  throw new SourceError('InvalidRequest', message);
}

function statementOf(spec: BigQuerySpec): AssetStatement {
  return {
    dialect: 'bigquery',
    sql: plainAssetsQuery(spec),
    rejectsSql: strayEntriesQuery(spec),
    maximumBytesBilled: capOf(spec),
  };
}

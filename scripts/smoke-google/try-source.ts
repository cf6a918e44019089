import type { BigQuerySpec } from '../../contracts/source.ts';
import type { RunPlace } from '../../contracts/run.ts';
import { createBigQuerySource } from '../../sources/bigquery-source.ts';
import { makeRunPlace } from '../../stores/index.ts';
import { passingOptions } from '../../stores/bigquery/passing-table.ts';
import type { SmokeBench } from './smoke-bench.ts';

/** More than one page of the pages that are asked for. */
const ASSETS = 1_000;
const [FROM, TO] = [400, 600];
const REQUEST_DIGEST = 'a'.repeat(64);

/** Small tables as those of street imagery, read by the statements that a run reads them by. */
export async function trySource(bench: SmokeBench): Promise<string> {
  await makeStreet(bench);
  const source = sourceOf(bench);
  const described = await source.describe(specOf(bench));
  if (!described.ok) throw new Error(described.failure.message);
  const { spec, assets, images, rejected, duplicates, oddities = [], street = {} } = described.value;
  const found = { assets, images, rejected, duplicates, oddities: oddities.length, unseen: street.unseenAssets };
  const expected = { assets: ASSETS, images: ASSETS + 1, rejected: 2, duplicates: 1, oddities: 1, unseen: 1 };
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`The tables were read as ${JSON.stringify(found)}, and hold ${JSON.stringify(expected)}.`);
  }
  if (street.snapshot?.id !== SNAPSHOT) throw new Error('The end of the snapshot was not found.');
  const past = spec.asOf === undefined ? 'as it is now: its past may not be read' : 'as it was at one moment';
  return `${assets} assets, what is left out, the end of the snapshot and assets without observations were read, the table ${past}.`;
}

/** The list of assets is made inside BigQuery, or this fails: rows that came through here would hide a statement that is refused. */
export async function tryFreezing(bench: SmokeBench): Promise<string> {
  const source = sourceOf(bench);
  const settled = await source.settle(specOf(bench));
  const statement = await source.statement?.(settled);
  if (statement?.dialect !== 'bigquery') throw new Error('The source has no statement.');
  const client = await bench.bigQuery();
  // The store says nothing of a statement that is refused, but reads rows; here it is said by BigQuery.
  const created = (table: string): string =>
    `CREATE TABLE \`${bench.project}.${bench.store.dataset}.${table}\` OPTIONS(${passingOptions(REQUEST_DIGEST)})`;
  const queries = [
    `${created('frozen')} AS SELECT ROW_NUMBER() OVER (ORDER BY asset_id) - 1 AS row_number, * FROM (${statement.sql}) ORDER BY row_number`,
    `${created('frozen_rejects')} AS ${statement.rejectsSql}`,
  ];
  for (const query of queries) {
    await client.query({ query, location: bench.location, maximumBytesBilled: String(statement.maximumBytesBilled) });
  }
  const place = placeOf(bench);
  const { manifests } = await bench.stores.of(bench.store);
  const { rows, rejected, duplicates } = await manifests.freeze(place, {
    statement,
    async *assets() {
      yield await Promise.reject(new Error('Rows were asked for, although the statements can be run.'));
    },
    requestDigest: REQUEST_DIGEST,
  });
  if (rows !== ASSETS || rejected !== 2 || duplicates !== 1) {
    throw new Error(`${rows} assets were frozen and ${rejected} entries left out, ${duplicates} of them twice there.`);
  }
  return `Statements froze ${rows} assets and ${rejected} entries that are left out, inside BigQuery.`;
}

/** Pages of the manifest of `tryFreezing`, as shards ask for them. */
export async function tryPaging(bench: SmokeBench): Promise<string> {
  const { manifests } = await bench.stores.of(bench.store);
  const manifest = await manifests.find(placeOf(bench));
  if (manifest === undefined) throw new Error('There is no manifest: its freezing has failed.');
  const read = await manifests.read(placeOf(bench), manifest, [{ start: FROM, end: TO }]);
  const ids = read.map(({ assetId }) => assetId);
  if (ids.length !== TO - FROM || ids[0] !== idOf(FROM) || ids.at(-1) !== idOf(TO - 1)) {
    throw new Error(`The assets ${FROM} to ${TO - 1} came as ${ids.length} from ${ids[0]} to ${ids.at(-1)}.`);
  }
  const [page] = await (
    await bench.bigQuery()
  )
    .dataset(bench.store.dataset)
    .table(manifest.uri)
    .getRows({ autoPaginate: false, startIndex: String(FROM), maxResults: TO - FROM });
  const lies = (page as readonly { readonly row_number: number }[]).every((row, at) => row.row_number === FROM + at);
  const order = lies ? 'lie as they were written' : 'do not lie as they were written, so they were looked up by number';
  return `${ids.length} of ${manifest.rows} assets were read by their place; the rows ${order}.`;
}

const SNAPSHOT = 'smoke-snapshot';
const TABLE = 'cropped_observations_latest';

function specOf({ project, store }: SmokeBench): BigQuerySpec {
  return { kind: 'bigquery', path: `bq://${project}.${store.dataset}.${TABLE}` };
}

function sourceOf(bench: SmokeBench) {
  return createBigQuerySource(() => bench.bigQuery(), bench.project);
}

function placeOf({ store }: SmokeBench): RunPlace {
  return makeRunPlace({ runId: 'smoke-frozen', executionId: 'smoke-execution', store, prompt: 'smoke' });
}

function idOf(row: number): string {
  return `asset-${String(row).padStart(4, '0')}`;
}

/**
 * An asset for each number with one image, but: the first has two, seen at two places; an observation is there twice, one names no
 * image; an asset has no observation.
 */
async function makeStreet({ bigQuery, project, store, location }: SmokeBench): Promise<void> {
  const client = await bigQuery();
  const name = (table: string): string => `\`${project}.${store.dataset}.${table}\``;
  const id = (number: string): string => `CONCAT('asset-', LPAD(CAST(${number} AS STRING), 4, '0'))`;
  const made = "TIMESTAMP '2026-01-02 03:04:05.678901 UTC'";
  const asset = (number: string, latitude: string): string =>
    `'${SNAPSHOT}' AS snapshot_id, ${id(number)} AS asset_id, 'ASSET_CLASS_UTILITY_POLE' AS asset_type, STRUCT(${latitude} AS latitude, -111.5 AS longitude) AS location, ${made} AS detection_time`;
  const row = (number: string, observation: string, uri: string, latitude = '40.5'): string =>
    `SELECT ${asset(number, latitude)}, ${observation} AS observation_id, ${made} AS capture_time, ${uri} AS gcs_uri`;
  const rows = [
    `${row('n', "CONCAT('o', CAST(n AS STRING))", "CONCAT('gs://nobody/', CAST(n AS STRING), '.jpg')")} FROM UNNEST(GENERATE_ARRAY(0, ${ASSETS - 1})) AS n`,
    row('0', "'second'", "'gs://nobody/second.jpg'", '40.6'),
    row('1', "'o1'", "'gs://nobody/1.jpg'"),
    row('2', "'nothing'", 'CAST(NULL AS STRING)'),
  ];
  const statements = [
    `CREATE TABLE ${name(TABLE)} AS ${rows.join('\nUNION ALL ')}`,
    `CREATE TABLE ${name('cropped_assets_latest')} AS SELECT ${asset('n', '40.5')} FROM UNNEST(GENERATE_ARRAY(0, ${ASSETS})) AS n`,
    `CREATE TABLE ${name('snapshots')} AS SELECT '${SNAPSHOT}' AS snapshot_id, CURRENT_TIMESTAMP() AS creation_time, ['SV_CROPPED_ASSETS'] AS product_types`,
  ];
  for (const query of statements) await client.query({ query, location });
}

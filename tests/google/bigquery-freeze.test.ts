import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BigQuerySpec } from '../../contracts/source.ts';
import { startBigQuery, type BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { loadStreetAssets } from '../../fake-google/street-assets/load-street-assets.ts';
import { openGoogle } from '../../google/open-google.ts';
import { createBigQuerySource } from '../../sources/bigquery-source.ts';
import { makeRunPlace, openParquetStores } from '../../stores/index.ts';
import type { ManifestStore } from '../../stores/ports.ts';
import type { RunPlace } from '../../contracts/run.ts';
import { openStoresIn } from '../stores/bigquery/on-server/open-stores.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { bigQueryClient, PROJECT } from '../support/google-clients.ts';

let server: BigQueryServer;
beforeAll(async () => {
  server = await startBigQuery();
  const client = bigQueryClient(server.url);
  await loadStreetAssets(client, { assets: 200, seed: 'seed', bucket: 'pics', dataset: 'street' });
  await client.query(
    "CREATE TABLE street.plain AS SELECT * FROM street.cropped_observations_latest WHERE gcs_uri LIKE 'gs://%' QUALIFY ROW_NUMBER() OVER (PARTITION BY observation_id ORDER BY gcs_uri) = 1",
  );
  await client.query('CREATE TABLE street.blanks AS SELECT * FROM street.plain');
  await client.query("UPDATE street.blanks SET gcs_uri = CONCAT(' ', gcs_uri, '  ') WHERE TRUE");
});
afterAll(() => server.close());

async function freeze(store: ManifestStore, place: RunPlace, spec: BigQuerySpec, rowByRow: () => void) {
  const source = createBigQuerySource(openGoogle({ bigQueryEndpoint: server.url }).bigQuery);
  const settled = await source.settle(spec);
  const manifest = await store.freeze(place, {
    statement: (await source.statement?.(settled)) ?? null,
    assets(onReject) {
      rowByRow();
      return source.assets(settled, onReject);
    },
  });
  return { manifest, assets: await store.read(place, manifest, [{ start: 0, end: manifest.rows }]) };
}

test.each([
  ['an id of blanks', "'  '"],
  ['an id with blanks around it', "' pole-1 '"],
  ['an id that is too long', "REPEAT('x', 501)"],
  ['images that together are too long', "'pole-1'"],
])('%s is treated in a table of BigQuery as in a file', async (_title, id) => {
  await using stores = await openStoresIn(server);
  const table = `${stores.dataset}.odd`;
  for (const statement of [
    `CREATE TABLE ${table} AS SELECT * FROM street.plain`,
    `INSERT INTO ${table} SELECT * REPLACE('odd' AS asset_id) FROM street.plain LIMIT 30`,
    `UPDATE ${table} SET observation_id = CONCAT('odd-', observation_id), gcs_uri = CONCAT('gs://pics/', REPEAT('x', 900)), asset_id = ${id} WHERE asset_id = 'odd'`,
  ]) {
    await bigQueryClient(server.url).query(statement);
  }
  const spec: BigQuerySpec = { kind: 'bigquery', path: `bq://${PROJECT}.${table}`, imagesPerAsset: 50 };
  const inTable = await freeze(stores.manifests, stores.place, spec, () => undefined);
  await using folder = await temporaryFolder('sightline-freeze-');
  const store = { kind: 'parquet', path: folder.path } as const;
  const place = makeRunPlace({ runId: 'run', executionId: 'first', store, prompt: 'resolution' });
  const inFile = await freeze(openParquetStores(folder.path).manifests, place, spec, () => undefined);
  expect(inTable.assets).toEqual(inFile.assets);
  expect(inTable.manifest.rejected).toBe(inFile.manifest.rejected);
});

test.each([
  ['plain', false],
  ['blanks', false],
  ['cropped_observations_latest', true],
])(
  'the assets of %s are the same in a table, where no row leaves BigQuery, and in a file',
  async (table, hasStrays) => {
    const spec: BigQuerySpec = { kind: 'bigquery', path: `bq://${PROJECT}.street.${table}` };
    await using stores = await openStoresIn(server);
    let [read, readForFile] = [0, 0];
    const inTable = await freeze(stores.manifests, stores.place, spec, () => (read += 1));
    await using folder = await temporaryFolder('sightline-freeze-');
    const store = { kind: 'parquet', path: folder.path } as const;
    const place = makeRunPlace({ runId: 'run', executionId: 'first', store, prompt: 'resolution' });
    const inFile = await freeze(openParquetStores(folder.path).manifests, place, spec, () => (readForFile += 1));
    expect(read).toBe(0);
    expect(readForFile).toBe(1);
    expect(inTable.assets).toEqual(inFile.assets);
    expect(inTable.assets.length).toBeGreaterThan(3);
    for (const { uri } of inTable.assets.flatMap(({ images }) => images)) expect(uri).toMatch(/^gs:\S+$/);
    const { rejected, duplicates } = inFile.manifest;
    expect(inTable.manifest).toMatchObject({ rejected, duplicates });
    expect(rejected > 0).toBe(hasStrays);
  },
);

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../contracts/messages.ts';
import { startBigQuery, type BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { openBigQueryStores } from '../../stores/bigquery/open-bigquery-stores.ts';
import { openBigQuery } from '../../stores/bigquery/open-bigquery.ts';
import { anyCredentials, PROJECT } from '../support/google-clients.ts';
import { cli } from '../support/recorded-io.ts';
import { startRig, type Rig } from '../support/rig.ts';

let server: BigQueryServer;
let rig: Rig;
beforeAll(async () => {
  [server, rig] = await Promise.all([startBigQuery(), startRig()]);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rig.close();
  await server.close();
});

const NAMES = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);

function setUp(dataset: string, ...more: readonly string[]) {
  const names = ['BIGQUERY', 'STORAGE', 'SERVICE_USAGE', 'RESOURCE_MANAGER'];
  const env = Object.fromEntries(names.map((name) => [`SIGHTLINE_${name}_ENDPOINT`, server.url]));
  return cli(['gcloud', 'setup', '--store', `bq://${PROJECT}.${dataset}`, '--location', 'US', ...more], { env });
}

const attributes = async () => {
  const { customAttributes } = await rig.client.connection.operatorService.listSearchAttributes({ namespace: 'bare' });
  return Object.keys(customAttributes ?? {});
};

test('set-up makes the dataset, the tables that all runs share and the search attributes, and done again changes nothing', async () => {
  // In their own namespace servers of ours have the attributes from the start.
  vi.stubEnv('TEMPORAL_NAMESPACE', 'bare');
  const retention = { workflowExecutionRetentionPeriod: { seconds: 86_400 as never } };
  await rig.client.workflowService.registerNamespace({ namespace: 'bare', ...retention });
  await expect.poll(() => attributes().catch(() => null)).toEqual(expect.not.arrayContaining(NAMES));
  const first = await setUp('made', ...rig.places);
  expect(first).toMatchObject({
    code: 0,
    out: `dataset made in US: made\ntable sightline_runs: made\ntable sightline_blobs: made\nsearch attributes ${NAMES.join(', ')}: made\n`,
  });
  expect(await attributes()).toEqual(expect.arrayContaining(NAMES));

  const again = await setUp('made', ...rig.places);
  const there = [...again.out.matchAll(/^(?:dataset|table|search attributes) .*: (.+)$/gm)].map(([, state]) => state);
  expect(again.code).toBe(0);
  expect(there).toEqual(['is there already', 'is there already', 'is there already', 'are there already']);
});

test('without a Temporal server set-up says that the first run registers the attributes, and ends well', async () => {
  const { code, out, err } = await setUp('alone', '--address', '127.0.0.1:1', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out).at(-1)).toMatchObject({ state: 'left' });
  expect(err.split('\n')[0]).toBe(
    'No Temporal server answers at 127.0.0.1:1. The first run registers the search attributes.',
  );
});

test('a store finds in the tables of set-up what it needs', async () => {
  await setUp('used', '--address', '127.0.0.1:1');
  const [apiEndpoint, grpcEndpoint] = [server.url, `127.0.0.1:${server.grpcPort}`];
  const connection = openBigQuery({ project: PROJECT, apiEndpoint, grpcEndpoint, authClient: anyCredentials() });
  const { records, blobs } = openBigQueryStores({ kind: 'bigquery', project: PROJECT, dataset: 'used' }, connection);
  expect(await records.claim('one', 'execution', 'digest')).toBe(true);
  const kept = await blobs.put({ a: 1 }, 1_000);
  expect(kept.ok && (await blobs.get(kept.value))).toEqual({ a: 1 });
  connection.close();
});

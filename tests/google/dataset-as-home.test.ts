import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBigQuery, type BigQueryServer } from '../../fake-google/start-bigquery.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { RunSummary } from '../../contracts/run.ts';
import { storeText } from '../../contracts/store-text.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';
import { createTestDataset } from './dataset.ts';

let rig: Rig;
let bigQuery: BigQueryServer;
useRig((started) => (rig = started), {}, 'none');

beforeAll(async () => {
  bigQuery = await startBigQuery();
  const { spec } = await createTestDataset(bigQuery);
  const places = { bigQueryEndpoint: bigQuery.url, bigQueryWriteEndpoint: `127.0.0.1:${bigQuery.grpcPort}` };
  await rig.startWorker({ settings: { ...places, store: storeText(spec) } });
});
afterAll(() => bigQuery.close());

test('of a worker whose runs go into a dataset, a run into files finds what it asks and keeps long answers', async () => {
  const run = await rig.startRun('into-files', {
    source: await rig.makeCsv(6),
    prompt: 'description',
    analyzer: { kind: 'noop', settings: { answerBytes: 6_000 } },
    store: { kind: 'parquet', path: join(rig.dir, 'results') },
  });
  const summary = (await run.result()) as RunSummary;
  expect(summary.counts).toMatchObject({ total: 6, succeeded: 6 });
  const rows = await rig.rows(summary);
  for (const { description } of rows) expect(String(description).length).toBeGreaterThan(2_500);
});

test('of a worker whose runs go into a dataset, one asset is analysed outside any run', async () => {
  const outcome = (await rig.client.workflow.execute('analyzeOne', {
    workflowId: 'just-one',
    taskQueue: 'sightline',
    args: [{ images: [{ uri: join(rig.dir, 'none.jpg') }], analyzer: { kind: 'noop' } }],
  })) as Outcome;
  expect(outcome).toMatchObject({ kind: 'succeeded', assetId: 'just-one' });
});

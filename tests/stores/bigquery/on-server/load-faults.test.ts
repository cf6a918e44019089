/** @module-tag our-idea-of-bigquery */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RestCall } from '../../../../fake-google/fault-proxy/rest-faults.ts';
import { openDataset } from '../../../../stores/bigquery/dataset.ts';
import { loadFolders } from '../../../../stores/bigquery/load-folders.ts';
import { openBigQuery } from '../../../../stores/bigquery/open-bigquery.ts';
import { tableFields } from '../../../../stores/bigquery/result-table.ts';
import { rollUpLoads } from '../../../../stores/bigquery/roll-up-loads.ts';
import { StoreMismatchError, StoreRefusedError, StoreUnavailableError } from '../../../../stores/ports.ts';
import { PROJECT, anyCredentials, bigQueryClient } from '../../../support/google-clients.ts';
import { CONTEXT, rowsBetween, segmentOf, stageAll } from '../../../suites/store-samples.ts';
import { startLoading } from './open-loading-stores.ts';

let loading: Awaited<ReturnType<typeof startLoading>>;
beforeAll(async () => {
  loading = await startLoading();
});
afterEach(() => loading.calm());
afterAll(() => loading.close());

type Opened = Awaited<ReturnType<typeof loading.open>>;
type Place = Opened['place'];

/** As Temporal does it: what a store says is worth another try is tried again, with the same input. */
async function retried<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || attempt === 8) throw error;
    }
  }
}

async function runShard({ results }: Opened, place: Place, shard: number): Promise<void> {
  const segment = segmentOf(shard);
  const rows = rowsBetween(shard * 20, shard * 20 + 20);
  const receipts = await retried(() => stageAll(results, place, segment, rows));
  await retried(() => results.commit(place, CONTEXT, segment, receipts));
}

/** What the test leaves in the bucket: only what says what was committed and loaded. */
async function leftovers(stores: Opened, place: Place): Promise<readonly string[]> {
  const names = await loading.names(`sightline/${PROJECT}.${stores.dataset}/${place.key}/`);
  return names.filter((name) => !/\/(?:commits|steps)\//.test(name));
}

async function tables({ dataset }: Opened): Promise<readonly (string | undefined)[]> {
  const [found] = await bigQueryClient(loading.bigQuery.url).dataset(dataset).getTables();
  return found.map(({ id }) => id).filter((id) => id?.startsWith('sightline_staging'));
}

const isJob = (kind: string) => (call: RestCall) =>
  call.method === 'POST' && /\/jobs(?:\?|$)/.test(call.path) && call.body.includes(kind);
const isWrite = ({ method }: RestCall) => method === 'POST';

describe('each row is there once', () => {
  const lost = { kind: 'lose-answer' } as const;
  const refused = { kind: 'refuse', status: 503, reason: 'backendError' } as const;
  const faults: readonly (readonly [title: string, add: () => void])[] = [
    [
      'when answers to load jobs are lost',
      () => loading.jobs.rules.add({ fault: lost, when: isJob('"load"'), times: 2 }),
    ],
    ['when answers to merges are lost', () => loading.jobs.rules.add({ fault: lost, when: isJob('MERGE'), times: 2 })],
    ['when answers about jobs are lost', () => loading.jobs.rules.add({ fault: lost, times: 3 })],
    ['when jobs are refused for a while', () => loading.jobs.rules.add({ fault: refused, when: isJob(''), times: 2 })],
    [
      'when answers to written objects are lost',
      () => loading.objects.rules.add({ fault: lost, when: isWrite, times: 5 }),
    ],
    ['when answers about objects are lost', () => loading.objects.rules.add({ fault: lost, times: 5 })],
    ['when the bucket is refused for a while', () => loading.objects.rules.add({ fault: refused, times: 5 })],
  ];

  test.each(faults)('%s', async (_title, add) => {
    await using stores = await loading.open();
    const { results, place } = stores;
    add();
    // Not tried again by anybody: what cannot be written before the first call is said at once.
    await results.ensure(place, CONTEXT.fields);
    loading.calm();
    add();
    for (const shard of [0, 1, 2]) await runShard(stores, place, shard);
    await retried(() => results.rollUp(place, CONTEXT, true));
    expect(await results.audit(place)).toMatchObject({ rows: 60, repeated: 0 });
  });

  test('when a roll-up is cut off at any of its calls, after what was asked was done, and repeated', async () => {
    await using stores = await loading.open();
    const { results } = stores;
    await results.ensure(stores.place, CONTEXT.fields);
    for (let cutAt = 0, isDone = false; !isDone; cutAt++) {
      const place = { ...stores.place, key: `cut-at-${cutAt}` };
      await runShard(stores, place, 0);
      await runShard(stores, place, 1);
      let calls = 0;
      for (const { rules } of [loading.jobs, loading.objects]) {
        rules.add({ fault: { kind: 'lose-answer' }, when: () => calls++ === cutAt });
        rules.add({ fault: { kind: 'refuse', status: 403, reason: 'accessDenied' }, when: () => calls > cutAt });
      }
      isDone = await results.rollUp(place, CONTEXT, true).then(
        () => true,
        () => false,
      );
      loading.calm();
      await retried(() => results.rollUp(place, CONTEXT, true));
      expect(await results.audit(place)).toMatchObject({ rows: 40, repeated: 0 });
      expect(await leftovers(stores, place)).toEqual([]);
      if (isDone) expect(cutAt).toBeGreaterThan(15);
    }
    expect(await tables(stores)).toEqual([]);
  }, 240_000);

  test('when many roll up at once, and between commits', async () => {
    await using stores = await loading.open();
    const { results, place } = stores;
    await results.ensure(place, CONTEXT.fields);
    const others = [1, 2, 3].map(() => stores.again());
    for (let shard = 0; shard < 6; shard += 2) {
      const rolling = others.map((other) => retried(() => other.results.rollUp(place, CONTEXT, true)));
      await runShard(stores, place, shard);
      await Promise.all(rolling);
      await runShard(stores, place, shard + 1);
      await Promise.all(others.map((other) => retried(() => other.results.rollUp(place, CONTEXT, true))));
    }
    expect(await results.audit(place)).toMatchObject({ rows: 120, repeated: 0 });
    expect(await leftovers(stores, place)).toEqual([]);
  });
});

test('a roll-up that finds the work done by another while it looked is no failure', async () => {
  await using stores = await loading.open();
  const { results, place } = stores;
  await results.ensure(place, CONTEXT.fields);
  await runShard(stores, place, 0);
  const server = { apiEndpoint: loading.bigQuery.url, authClient: anyCredentials() };
  const connection = openBigQuery({ project: PROJECT, ...server });
  const store = openDataset({ kind: 'bigquery', project: PROJECT, dataset: stores.dataset }, connection);
  let isFirst = true;
  const query: typeof store.query = async (sql, params) => {
    const isLook = isFirst && sql.includes('COUNT(DISTINCT row_number)');
    isFirst &&= !isLook;
    if (isLook) await results.rollUp(place, CONTEXT, true);
    return store.query(sql, params);
  };
  const folders = loadFolders(loading.bucket, store, place);
  await rollUpLoads({ ...store, query }, folders, place, tableFields(CONTEXT.fields), true);
  expect(isFirst).toBe(false);
  expect(await results.audit(place)).toMatchObject({ rows: 20, repeated: 0 });
  connection.close();
});

test('a bucket from which BigQuery does not load is refused before anything is paid for', async () => {
  await using stores = await loading.open();
  const { results, place } = stores;
  const message = 'Cannot read and write in different locations: source: US, destination: EU';
  const fault = { kind: 'refuse', status: 400, reason: 'invalid', message } as const;
  loading.jobs.rules.add({ fault, when: isJob('"load"') });
  const ensuring = results.ensure(place, CONTEXT.fields);
  await expect(ensuring).rejects.toThrow(
    /different locations: source: US.*Name a bucket in the dataset's location, US/,
  );
  await expect(ensuring).rejects.toThrow(StoreRefusedError);
});

test('rows wait for the last roll-up, unless there are enough of them for a load job', async () => {
  await using stores = await loading.open();
  const { results, reader, place } = stores;
  await results.ensure(place, CONTEXT.fields);
  await runShard(stores, place, 0);
  await results.rollUp(place, CONTEXT, false);
  expect(await tables(stores)).toEqual([]);
  const segment = segmentOf(1);
  const receipts = await stageAll(results, place, segment, rowsBetween(1_000, 11_000), 2_500);
  await results.commit(place, CONTEXT, segment, receipts);
  await results.rollUp(place, CONTEXT, false);
  await results.rollUp(place, CONTEXT, false);
  expect(await tables(stores)).toHaveLength(1);
  expect(await reader.list(place, { limit: 10 })).toEqual([]);
  await results.rollUp(place, CONTEXT, true);
  expect(await results.audit(place)).toMatchObject({ rows: 10_020, repeated: 0 });
});

test('a staging table that holds other rows than were committed is not brought to the readers', async () => {
  await using stores = await loading.open();
  const { results, place, dataset } = stores;
  await results.ensure(place, CONTEXT.fields);
  await runShard(stores, place, 0);
  const fault = { kind: 'refuse', status: 403, reason: 'accessDenied' } as const;
  loading.jobs.rules.add({ fault, when: isJob('MERGE') });
  await expect(results.rollUp(place, CONTEXT, true)).rejects.toThrow(StoreUnavailableError);
  const [staging] = await tables(stores);
  const name = `\`${dataset}\`.\`${staging}\``;
  await bigQueryClient(loading.bigQuery.url).query(`INSERT INTO ${name} SELECT * FROM ${name} WHERE row_number = 3`);
  loading.calm();
  const again = results.rollUp(place, CONTEXT, true);
  await expect(again).rejects.toThrow(/holds 21 rows, 20 of them different, instead of 20/);
  await expect(again).rejects.toThrow(StoreMismatchError);
  expect(await results.audit(place)).toMatchObject({ rows: 0 });
});

test('a staging table that has gone before it was merged fails the run', async () => {
  await using stores = await loading.open();
  const { results, place, dataset } = stores;
  await results.ensure(place, CONTEXT.fields);
  await runShard(stores, place, 0);
  const fault = { kind: 'refuse', status: 403, reason: 'accessDenied' } as const;
  loading.jobs.rules.add({ fault, when: isJob('MERGE') });
  await expect(results.rollUp(place, CONTEXT, true)).rejects.toThrow(StoreUnavailableError);
  const [staging = ''] = await tables(stores);
  await bigQueryClient(loading.bigQuery.url).dataset(dataset).table(staging).delete();
  loading.calm();
  await expect(results.rollUp(place, CONTEXT, true)).rejects.toThrow(StoreMismatchError);
});

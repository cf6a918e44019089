/** @module-tag our-idea-of-bigquery */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startFaultProxy } from '../../../../fake-google/fault-proxy/start-fault-proxy.ts';
import type { FaultProxy } from '../../../../fake-google/fault-proxy/start-fault-proxy.ts';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { StoreLostError, StoreUnavailableError } from '../../../../stores/ports.ts';
import type { Receipt } from '../../../../contracts/shard.ts';
import { CONTEXT, assetsBetween, rowsBetween, segmentOf, stageAll } from '../../../suites/store-samples.ts';
import { openStoresIn } from './open-stores.ts';

let folder: string;
let server: BigQueryServer;
let proxy: FaultProxy;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  server = await startBigQuery({ dataFolder: join(folder, 'data') });
  proxy = await startFaultProxy(server);
});
afterEach(() => proxy.calm());
afterAll(async () => {
  await proxy.close();
  await server.close();
  await rm(folder, { recursive: true });
});

const open = () => openStoresIn(server, { url: proxy.rest.url, grpcPort: proxy.grpc.port });
type Opened = Awaited<ReturnType<typeof open>>;

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

async function runShard({ results, place }: Opened, shard: number): Promise<void> {
  const segment = segmentOf(shard);
  await retried(() => results.takeOver(place, shard, segment.executionId));
  const receipts: Receipt[] = [];
  for (let row = 0; row < 30; row += 10) {
    const [first, rows] = [shard * 30 + row, receipts.at(-1) ?? null];
    receipts.push(
      await retried(() => results.stage(place, CONTEXT, segment, row, rowsBetween(first, first + 10), rows)),
    );
  }
  await retried(() => results.commit(place, CONTEXT, segment, receipts));
}

const isGrpc = (method: string) => (call: { readonly method: string }) => call.method === method;
const isJob = ({ method, path }: { readonly method: string; readonly path: string }) =>
  method === 'POST' && /\/jobs(?:\?|$)/.test(path);
/** The client itself waits ten seconds before it asks for a stream again. */
const timesOf = (method: string) => (method === 'CreateWriteStream' ? 1 : 3);
const methods = ['CreateWriteStream', 'AppendRows', 'FinalizeWriteStream', 'BatchCommitWriteStreams'];

describe('each row is there once', () => {
  const faults: readonly (readonly [title: string, add: () => void])[] = [
    ...methods.flatMap((method): readonly (readonly [string, () => void])[] => [
      [
        `when answers to ${method} are lost`,
        () => proxy.grpc.answers.add({ fault: { kind: 'lose-answer' }, when: isGrpc(method), times: timesOf(method) }),
      ],
      [
        `when ${method} is refused for a while`,
        () =>
          proxy.grpc.refusals.add({
            fault: { code: 8, message: 'slow down' },
            when: (name) => name === method,
            times: timesOf(method),
          }),
      ],
    ]),
    [
      'when answers break off',
      () => proxy.grpc.answers.add({ fault: { kind: 'cut', afterBytes: 3 }, when: isGrpc('AppendRows'), times: 3 }),
    ],
    [
      'when the answer to a step of the shard is lost',
      () => proxy.rest.rules.add({ fault: { kind: 'lose-answer' }, when: isJob, times: 2 }),
    ],
    [
      'when REST is refused for a while',
      () => proxy.rest.rules.add({ fault: { kind: 'refuse', status: 503, reason: 'backendError' }, times: 2 }),
    ],
  ];

  test.each(faults)('%s', async (_title, add) => {
    await using stores = await open();
    await stores.results.ensure(stores.place, CONTEXT.fields);
    add();
    await runShard(stores, 0);
    await runShard(stores, 1);
    expect(await stores.results.audit(stores.place)).toMatchObject({ rows: 60, repeated: 0 });
  });

  test('when connections are cut at any moment', async () => {
    await using stores = await open();
    await stores.results.ensure(stores.place, CONTEXT.fields);
    const cutting = setInterval(() => proxy.grpc.cutAll(), 40);
    try {
      for (let shard = 0; shard < 6; shard++) await runShard(stores, shard);
    } finally {
      clearInterval(cutting);
    }
    expect(await stores.results.audit(stores.place)).toMatchObject({ rows: 180, repeated: 0 });
  });

  test('when a commit was lost and another execution took the shard over before it was repeated', async () => {
    await using stores = await open();
    const { results, place } = stores;
    await results.ensure(place, CONTEXT.fields);
    const receipts = await stageAll(results, place, segmentOf(0), rowsBetween(0, 20));
    const fault = { code: 7, message: 'denied' };
    proxy.grpc.refusals.add({ fault, when: (method) => method === 'BatchCommitWriteStreams', times: 1 });
    await expect(results.commit(place, CONTEXT, segmentOf(0), receipts)).rejects.toThrow(StoreUnavailableError);
    expect(await results.takeOver(place, 0, 'execution-b')).toMatchObject({ rows: [{ start: 0, end: 20 }] });
    expect(await results.commit(place, CONTEXT, segmentOf(0), receipts)).toEqual({ rows: 20, alreadyVisible: 0 });
    expect(await results.audit(place)).toMatchObject({ rows: 20, repeated: 0 });
  });
});

test('a batch that is missing is noticed by the offset of the next', async () => {
  await using stores = await open();
  const { results, place } = stores;
  await results.ensure(place, CONTEXT.fields);
  const [first] = await stageAll(results, place, segmentOf(0), rowsBetween(0, 10));
  if (!first) throw new Error('nothing was staged');
  const lost: Receipt = { ...first, offset: 10 };
  const staging = results.stage(place, CONTEXT, segmentOf(0), 20, rowsBetween(20, 30), lost);
  await expect(staging).rejects.toThrow(/A batch before this one is missing/);
});

test('streams that are gone are lost, unless their rows are visible', async () => {
  await using stores = await open();
  const { results, place } = stores;
  await results.ensure(place, CONTEXT.fields);
  const done = await stageAll(results, place, segmentOf(0), rowsBetween(0, 10));
  await results.commit(place, CONTEXT, segmentOf(0), done);
  const staged = await stageAll(results, place, segmentOf(1), rowsBetween(10, 20));
  // bqemulator keeps its streams in memory and its tables on disk.
  const { restPort, grpcPort } = server;
  await server.kill();
  server = await startBigQuery({ dataFolder: join(folder, 'data'), restPort, grpcPort });
  expect(await retried(() => results.commit(place, CONTEXT, segmentOf(0), done))).toEqual({
    rows: 10,
    alreadyVisible: 0,
  });
  const [first = null] = staged;
  for (const lose of [
    () => results.commit(place, CONTEXT, segmentOf(1), staged),
    () => results.stage(place, CONTEXT, segmentOf(1), 0, rowsBetween(10, 20), null),
    () => results.stage(place, CONTEXT, segmentOf(1), 10, rowsBetween(20, 25), first),
  ]) {
    const losing = retried<unknown>(lose);
    await expect(losing).rejects.toThrow(StoreLostError);
    await expect(losing).rejects.toThrow(/are gone and were never visible/);
  }
  const again = { ...segmentOf(1), number: 1 };
  const receipts = await stageAll(results, place, again, rowsBetween(10, 20));
  await results.commit(place, CONTEXT, again, receipts);
  expect(await results.audit(place)).toMatchObject({ rows: 20, repeated: 0 });
});

test.each([[['AppendRows']], [['BatchCommitWriteStreams']], [['FinalizeWriteStream', 'BatchCommitWriteStreams']]])(
  'a stream that %j do not find once is not lost',
  async (blind) => {
    await using stores = await open();
    const { results, place } = stores;
    await results.ensure(place, CONTEXT.fields);
    const receipts = await stageAll(results, place, segmentOf(0), rowsBetween(0, 10));
    for (const method of blind) {
      const fault = { code: 5, message: 'Requested entity was not found.' };
      proxy.grpc.refusals.add({ fault, when: (name) => name === method, times: 1 });
    }
    const [first = null] = receipts;
    receipts.push(await retried(() => results.stage(place, CONTEXT, segmentOf(0), 10, rowsBetween(10, 15), first)));
    expect(await retried(() => results.commit(place, CONTEXT, segmentOf(0), receipts))).toMatchObject({ rows: 15 });
    expect(await results.audit(place)).toMatchObject({ rows: 15, repeated: 0 });
  },
);

test('many claim and freeze through a bad connection, and one of them wins', async () => {
  await using stores = await open();
  const { records, manifests, place } = stores;
  proxy.rest.rules.add({ fault: { kind: 'lose-answer' }, when: isJob, times: 3 });
  const claims = ['a', 'b', 'c'].map((execution) => retried(() => records.claim('run-1', execution, 'digest')));
  expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
  proxy.rest.rules.add({ fault: { kind: 'lose-answer' }, when: isJob, times: 2 });
  const freezes = [0, 10].map((start) =>
    retried(() => manifests.freeze(place, { assets: () => assetsBetween(start, start + 20) })),
  );
  const [one, other] = await Promise.all(freezes);
  expect(one).toEqual(other);
});

test('pages of a manifest are read without any query, which would cost', async () => {
  await using stores = await open();
  const { manifests, place } = stores;
  const ref = await manifests.freeze(place, { assets: () => assetsBetween(0, 300) });
  const fault = { kind: 'refuse', status: 400, reason: 'invalidQuery' } as const;
  proxy.rest.rules.add({ fault, when: ({ method }) => method === 'POST' });
  const rows = await manifests.read(place, ref, [
    { start: 10, end: 20 },
    { start: 290, end: 300 },
  ]);
  expect(rows.map(({ row }) => row).filter((row) => row % 10 === 9)).toEqual([19, 299]);
});

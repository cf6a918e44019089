import type { managedwriter } from '@google-cloud/bigquery-storage';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Receipt } from '../../../../contracts/shard.ts';
import { startFaultProxy, type FaultProxy } from '../../../../fake-google/fault-proxy/start-fault-proxy.ts';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../../../fake-google/start-bigquery.ts';
import { openBigQueryStores } from '../../../../stores/bigquery/open-bigquery-stores.ts';
import { createPace } from '../../../../stores/bigquery/pace.ts';
import { StoreUnavailableError } from '../../../../stores/ports.ts';
import { CONTEXT, rowAt, segmentOf, stageAll } from '../../../suites/store-samples.ts';
import { openStoresIn } from './open-stores.ts';

let server: BigQueryServer;
let proxy: FaultProxy;
beforeAll(async () => {
  server = await startBigQuery();
  proxy = await startFaultProxy(server);
});
afterEach(() => proxy.calm());
afterAll(async () => {
  await proxy.close();
  await server.close();
});

const INTERVAL_MS = 300;

type StreamConnection = Awaited<ReturnType<managedwriter.WriterClient['createStreamConnection']>>;
type Stores = Pick<Awaited<ReturnType<typeof openStoresIn>>, 'results' | 'place'>;

async function stageOne({ results, place }: Stores, shard: number): Promise<Receipt> {
  await results.takeOver(place, shard, segmentOf(shard).executionId);
  return results.stage(place, CONTEXT, segmentOf(shard), 0, [rowAt(shard)], null);
}

test('shards of a process open their streams in turn, whichever stores they use', async () => {
  await using stores = await openStoresIn(server);
  const { connection, place, spec } = stores;
  await stores.results.ensure(place, CONTEXT.fields);
  const writer = connection.writer();
  const open = writer.createWriteStreamFullResponse.bind(writer);
  const openedAtMs: number[] = [];
  vi.spyOn(writer, 'createWriteStreamFullResponse').mockImplementation((request) => {
    openedAtMs.push(Date.now());
    return open(request);
  });
  const pace = createPace(3_600_000 / INTERVAL_MS, 1);
  const askedAtMs: number[] = [];
  const streamPace = (nowMs: number): number => {
    askedAtMs.push(nowMs);
    return pace(nowMs);
  };
  const opened = [0, 1, 2].map(() => openBigQueryStores(spec, { ...connection, streamPace }));
  await Promise.all(opened.map(({ results }, shard) => stageOne({ results, place }, shard)));
  expect(askedAtMs).toHaveLength(3);
  expect(openedAtMs).toHaveLength(3);
  // Timers may be a millisecond early.
  for (const [turn, atMs] of openedAtMs.entries()) {
    expect(atMs - Math.min(...askedAtMs)).toBeGreaterThanOrEqual(turn * INTERVAL_MS - 2);
  }
});

/** Every connection for appends that is opened from now on; each is open at first. */
function connectionsOf(writer: managedwriter.WriterClient): readonly StreamConnection[] {
  const connections: StreamConnection[] = [];
  const create = writer.createStreamConnection.bind(writer);
  vi.spyOn(writer, 'createStreamConnection').mockImplementation(async (request, options) => {
    const connection = await create(request, options);
    expect(connection.isOpen()).toBe(true);
    connections.push(connection);
    return connection;
  });
  return connections;
}

test(
  'no connection stays open, neither after a commit nor after an append that failed',
  { tags: ['our-idea-of-bigquery'] },
  async () => {
    await using stores = await openStoresIn(server, { url: proxy.rest.url, grpcPort: proxy.grpc.port });
    const { results, place, connection } = stores;
    await results.ensure(place, CONTEXT.fields);
    const connections = connectionsOf(connection.writer());
    const rows = [0, 1, 2].map((row) => rowAt(row));
    await results.commit(place, CONTEXT, segmentOf(0), await stageAll(results, place, segmentOf(0), rows, 1));
    expect(connections.map((each) => each.isOpen())).toEqual([false, false, false]);
    const fault = { code: 7, message: 'denied' };
    proxy.grpc.refusals.add({ fault, when: (method) => method === 'AppendRows' });
    await expect(stageOne(stores, 1)).rejects.toThrow(StoreUnavailableError);
    expect(connections.map((each) => each.isOpen())).toEqual([false, false, false, false]);
  },
);

/** @module-tag our-idea-of-bigquery */
import { adapt, managedwriter } from '@google-cloud/bigquery-storage';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { jobIdOf } from '../../fake-google/fault-proxy/rest-faults.ts';
import { startFaultProxy } from '../../fake-google/fault-proxy/start-fault-proxy.ts';
import type { FaultProxy } from '../../fake-google/fault-proxy/start-fault-proxy.ts';
import { startBigQuery } from '../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { PROJECT, bigQueryClient, writeClient } from '../support/google-clients.ts';

const SCHEMA = { fields: [{ name: 'id', type: 'STRING' }] };
/** Of google.rpc.Code. */
const ALREADY_EXISTS = 6;
const PERMISSION_DENIED = 7;

let server: BigQueryServer;
let proxy: FaultProxy;

beforeAll(async () => {
  server = await startBigQuery();
  proxy = await startFaultProxy(server);
  await bigQueryClient(server.url).createDataset('faulty');
});

afterEach(() => proxy.calm());

afterAll(async () => {
  await proxy.close();
  await server.close();
});

async function countOf(table: string): Promise<number> {
  const [rows] = await bigQueryClient(server.url).query(`SELECT count(*) AS n FROM faulty.${table}`);
  return (rows as { n: number }[])[0]?.n ?? -1;
}

describe('between a client and the REST protocol', () => {
  const insert = (jobId: string, table: string) =>
    bigQueryClient(proxy.rest.url).createJob({
      jobId,
      configuration: { query: { query: `INSERT INTO faulty.${table} (id) VALUES ('a')`, useLegacySql: false } },
    });

  async function createTable(table: string) {
    await bigQueryClient(proxy.rest.url).dataset('faulty').createTable(table, { schema: SCHEMA });
  }

  test('everything passes, uploads too', async () => {
    await createTable('passing');
    const table = bigQueryClient(proxy.rest.url).dataset('faulty').table('passing');
    await new Promise((resolve, reject) => {
      const upload = table.createWriteStream({ sourceFormat: 'NEWLINE_DELIMITED_JSON' });
      upload.once('complete', resolve).once('error', reject).end('{"id":"a"}\n{"id":"b"}\n');
    });
    await expect.poll(() => countOf('passing')).toBe(2);
  });

  test('an answer is lost after the work was done', async () => {
    await createTable('lost');
    proxy.rest.rules.add({ fault: { kind: 'lose-answer' }, when: ({ method }) => method === 'POST', times: 1 });
    await expect(insert('lost-answer', 'lost')).rejects.toThrow(/socket hang up|ECONNRESET|Premature/);
    await expect.poll(() => countOf('lost')).toBe(1);
    await expect(insert('lost-answer', 'lost')).rejects.toMatchObject({ code: 409 });
    expect(await countOf('lost')).toBe(1);
  });

  test('a repeated job id is refused though the server is not asked (our idea of BigQuery)', async () => {
    await createTable('repeated');
    const fault = { kind: 'refuse', status: 409, reason: 'duplicate' } as const;
    let seen = 0;
    proxy.rest.rules.add({ fault, when: (call) => jobIdOf(call) === 'seen-before' && ++seen > 1 });
    await insert('seen-before', 'repeated');
    await expect(insert('seen-before', 'repeated')).rejects.toMatchObject({
      code: 409,
      errors: [{ reason: 'duplicate' }],
    });
  });

  test('a call is refused with 503 as often as was said', async () => {
    const fault = { kind: 'refuse', status: 503, reason: 'backendError' } as const;
    proxy.rest.rules.add({ fault, times: 1 });
    const client = bigQueryClient(proxy.rest.url);
    await expect(client.getDatasets()).rejects.toMatchObject({ code: 503 });
    expect((await client.getDatasets())[0].map(({ id }) => id)).toContain('faulty');
  });

  test('an answer comes late, or breaks off', async () => {
    proxy.rest.rules.add({ fault: { kind: 'slow', delayMs: 150 }, times: 1 });
    const startedMs = performance.now();
    await bigQueryClient(proxy.rest.url).getDatasets();
    expect(performance.now() - startedMs).toBeGreaterThan(145);
    proxy.rest.rules.add({ fault: { kind: 'cut', afterBytes: 5 }, times: 1 });
    const broken = await fetch(`${proxy.rest.url}/bigquery/v2/projects/${PROJECT}/datasets`);
    await expect(broken.text()).rejects.toThrow('terminated');
  });
});

describe('between a client and Storage Write', () => {
  let client: managedwriter.WriterClient;

  beforeAll(() => {
    client = writeClient(proxy.grpc.port);
  });
  afterAll(() => client.close());

  async function openStream(table: string) {
    await bigQueryClient(server.url).dataset('faulty').createTable(table, { schema: SCHEMA });
    const parent = `projects/${PROJECT}/datasets/faulty/tables/${table}`;
    const { name } = await client.createWriteStreamFullResponse({
      streamType: managedwriter.PendingStream,
      destinationTable: parent,
    });
    if (name === null || name === undefined) throw new Error('a stream without a name');
    const commit = () => client.batchCommitWriteStream({ parent, writeStreams: [name] });
    return { name, commit, connect: () => connectTo(name) };
  }

  async function connectTo(streamId: string) {
    const connection = await client.createStreamConnection({ streamId });
    const errors: unknown[] = [];
    connection.onConnectionError((error) => errors.push(error));
    const schema = adapt.convertBigQuerySchemaToStorageTableSchema(SCHEMA);
    const protoDescriptor = adapt.convertStorageSchemaToProto2Descriptor(schema, 'root');
    const writer = new managedwriter.JSONWriter({ connection, protoDescriptor });
    return { connection, errors, append: (id: string, offset: number) => writer.appendRows([{ id }], offset) };
  }

  test('everything passes', async () => {
    const { connect, commit } = await openStream('passing_writes');
    const { connection, append } = await connect();
    for (let offset = 0; offset < 20; offset++) {
      expect((await append(String(offset), offset).getResult()).error?.code).toBeUndefined();
    }
    await connection.finalize();
    await commit();
    connection.close();
    expect(await countOf('passing_writes')).toBe(20);
  });

  test('the answer of an append is lost, and the rows are there', async () => {
    const { connect, commit } = await openStream('lost_append');
    const first = await connect();
    proxy.grpc.answers.add({
      fault: { kind: 'lose-answer' },
      when: ({ method }) => method === 'AppendRows',
      times: 1,
    });
    const lost = first.append('a', 0).getResult();
    lost.catch(() => {});
    await expect.poll(() => first.errors.length).toBeGreaterThan(0);
    first.connection.close();
    const second = await connect();
    expect((await second.append('a', 0).getResult()).error?.code).toBe(ALREADY_EXISTS);
    await second.connection.finalize();
    await commit();
    second.connection.close();
    expect(await countOf('lost_append')).toBe(1);
  });

  test('the answer of a commit is lost, and the rows are visible once', async () => {
    const { connect, commit } = await openStream('lost_commit');
    const { connection, append } = await connect();
    await append('a', 0).getResult();
    await connection.finalize();
    const fault = { kind: 'lose-answer' } as const;
    proxy.grpc.answers.add({ fault, when: ({ method }) => method === 'BatchCommitWriteStreams', times: 1 });
    // The client asks again by itself.
    expect(await commit()).toMatchObject({ commitTime: null, streamErrors: [{ code: 'STREAM_ALREADY_COMMITTED' }] });
    connection.close();
    expect(await countOf('lost_commit')).toBe(1);
  });

  test('a call is refused though the server is not asked', async () => {
    const { commit } = await openStream('refused');
    proxy.grpc.refusals.add({
      fault: { code: PERMISSION_DENIED, message: 'Permission denied' },
      when: (method) => method === 'BatchCommitWriteStreams',
      times: 1,
    });
    await expect(commit()).rejects.toMatchObject({ code: PERMISSION_DENIED, details: 'Permission denied' });
  });
});

import { adapt, managedwriter } from '@google-cloud/bigquery-storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBigQuery } from '../../fake-google/start-bigquery.ts';
import type { BigQueryServer } from '../../fake-google/start-bigquery.ts';
import { PROJECT, bigQueryClient, writeClient } from '../support/google-clients.ts';

const SCHEMA = { fields: [{ name: 'id', type: 'STRING' }] };
/** Of google.rpc.Code. */
const ALREADY_EXISTS = 6;
const OUT_OF_RANGE = 11;

describe('pending streams of the stand-in for BigQuery', () => {
  let server: BigQueryServer;
  let client: managedwriter.WriterClient;

  beforeAll(async () => {
    server = await startBigQuery();
    client = writeClient(server.grpcPort);
    await bigQueryClient(server.url).createDataset('written');
  });

  afterAll(async () => {
    client.close();
    await server.close();
  });

  async function openStream(table: string) {
    await bigQueryClient(server.url).dataset('written').createTable(table, { schema: SCHEMA });
    const parent = `projects/${PROJECT}/datasets/written/tables/${table}`;
    const { name = '' } = await client.createWriteStreamFullResponse({
      streamType: managedwriter.PendingStream,
      destinationTable: parent,
    });
    const connection = await client.createStreamConnection({ streamId: name ?? '' });
    connection.onConnectionError(() => {});
    const schema = adapt.convertBigQuerySchemaToStorageTableSchema(SCHEMA);
    const protoDescriptor = adapt.convertStorageSchemaToProto2Descriptor(schema, 'root');
    const writer = new managedwriter.JSONWriter({ connection, protoDescriptor });
    const append = async (id: string, offset: number) =>
      (await writer.appendRows([{ id }], offset).getResult()).error?.code ?? undefined;
    const commit = () => client.batchCommitWriteStream({ parent, writeStreams: [name ?? ''] });
    return { append, connection, commit };
  }

  async function rowsOf(table: string): Promise<unknown> {
    const [rows] = await bigQueryClient(server.url).query(`SELECT id FROM written.${table} ORDER BY id`);
    return rows;
  }

  test('take rows at their offset once, and show them when committed', async () => {
    const { append, connection, commit } = await openStream('once');
    expect(await append('a', 0)).toBeUndefined();
    expect(await append('b', 1)).toBeUndefined();
    expect(await append('b', 1)).toBe(ALREADY_EXISTS);
    expect(await append('d', 3)).toBe(OUT_OF_RANGE);
    expect(await connection.finalize()).toMatchObject({ rowCount: '2' });
    expect(await rowsOf('once')).toEqual([]);
    expect((await commit()).streamErrors ?? []).toEqual([]);
    connection.close();
    expect(await rowsOf('once')).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  test(
    'are committed once; the second time they say so (our idea of BigQuery, bigquery/bqemulator_fidelity.py)',
    { tags: ['our-idea-of-bigquery'] },
    async () => {
      const { append, connection, commit } = await openStream('twice');
      await append('a', 0);
      await connection.finalize();
      await commit();
      const again = await commit();
      connection.close();
      expect(again.streamErrors).toMatchObject([{ code: 'STREAM_ALREADY_COMMITTED' }]);
      expect(await rowsOf('twice')).toEqual([{ id: 'a' }]);
    },
  );
});

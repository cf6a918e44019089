import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFaultProxy, type FaultProxy } from '../../fake-google/fault-proxy/start-fault-proxy.ts';
import { startBigQuery } from '../../fake-google/start-bigquery.ts';
import { startRig, type Rig } from '../support/rig.ts';
import { createTestDataset, type TestDataset } from './dataset.ts';

/** A Temporal server, a server that stands in for BigQuery, a proxy between it and the workers, and a dataset. */
export interface BigQueryRig extends AsyncDisposable {
  readonly rig: Rig;
  readonly proxy: FaultProxy;
  readonly dataset: TestDataset;
  /** Where a worker process finds BigQuery: behind the proxy. */
  readonly places: Readonly<Record<string, string>>;
  /** Rows, different rows, and different assets of a run, as somebody else counts them. Default: of `photo_quality`. */
  countRows(runId: string, prompt?: string): Promise<unknown>;
  /** Kills the server (SIGKILL) and starts it again on its data and ports: tables and jobs are there, streams are not. */
  crashBigQuery(): Promise<void>;
}

/** `bucketsFolder`: of the server that stands in for Cloud Storage, where rows are loaded. */
export async function startBigQueryRig(bucketsFolder?: string): Promise<BigQueryRig> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  const kept = { dataFolder: join(folder, 'bigquery'), ...(bucketsFolder !== undefined && { bucketsFolder }) };
  let server = await startBigQuery(kept);
  const [proxy, dataset, rig] = await Promise.all([startFaultProxy(server), createTestDataset(server), startRig()]);
  return {
    rig,
    proxy,
    dataset,
    places: {
      SIGHTLINE_BIGQUERY_ENDPOINT: proxy.rest.url,
      SIGHTLINE_BIGQUERY_WRITE_ENDPOINT: `127.0.0.1:${proxy.grpc.port}`,
    },
    async countRows(runId, prompt = 'photo_quality') {
      const counts = 'COUNT(*) AS stored, COUNT(DISTINCT row_key) AS keys_, COUNT(DISTINCT asset_id) AS assets';
      const where = `run_id = '${runId}'`;
      const [found] = await dataset.query(`SELECT ${counts} FROM {}.sightline_${prompt} WHERE ${where}`);
      return found;
    },
    async crashBigQuery() {
      const { restPort, grpcPort } = server;
      await server.kill();
      server = await startBigQuery({ ...kept, restPort, grpcPort });
    },
    async [Symbol.asyncDispose]() {
      await rig.close();
      await proxy.close();
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** What `countRows` says of a run that has every row once. */
export function once(count: number) {
  return { stored: count, keys_: count, assets: count };
}

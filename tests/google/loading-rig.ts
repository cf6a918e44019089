import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import { startFaultProxy, type FaultProxy } from '../../fake-google/fault-proxy/start-fault-proxy.ts';
import { startStorage } from '../../fake-google/start-storage.ts';
import { storageClient } from '../support/google-clients.ts';
import { startBigQueryRig, type BigQueryRig } from './bigquery-rig.ts';

/** A rig for runs whose rows are loaded: with a bucket, and a proxy before Cloud Storage too. */
export interface LoadingRig extends BigQueryRig {
  readonly objects: FaultProxy;
  readonly bucket: string;
  /** Rows are loaded from the bucket. */
  readonly loads: BigQueryStoreSpec;
}

const BUCKET = 'rows-on-their-way';

export async function startLoadingRig(): Promise<LoadingRig> {
  const bucketsFolder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  const [google, storage] = await Promise.all([startBigQueryRig(bucketsFolder), startStorage({ bucketsFolder })]);
  await storageClient(storage.url).createBucket(BUCKET);
  // Of gRPC there is nothing to relay.
  const objects = await startFaultProxy({ url: storage.url, grpcPort: google.proxy.grpc.port });
  return {
    ...google,
    objects,
    bucket: BUCKET,
    loads: { ...google.dataset.spec, mode: 'load', bucket: BUCKET },
    places: { ...google.places, SIGHTLINE_STORAGE_ENDPOINT: objects.rest.url },
    async [Symbol.asyncDispose]() {
      await google[Symbol.asyncDispose]();
      await objects.close();
      await storage.close();
      await rm(bucketsFolder, { recursive: true });
    },
  };
}

/** What a project answers that does not let rows be streamed. */
export function forbidStreams({ proxy }: BigQueryRig): void {
  proxy.grpc.refusals.add({ fault: { code: 7, message: 'Permission bigquery.tables.updateData denied' } });
}

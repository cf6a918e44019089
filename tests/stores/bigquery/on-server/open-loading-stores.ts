import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFaultProxy } from '../../../../fake-google/fault-proxy/start-fault-proxy.ts';
import { startBigQuery } from '../../../../fake-google/start-bigquery.ts';
import { startStorage } from '../../../../fake-google/start-storage.ts';
import { openStorage } from '../../../../google/open-storage.ts';
import { openLoadBucket } from '../../../../stores/bigquery/load-bucket.ts';
import { storageClient } from '../../../support/google-clients.ts';
import { CONTEXT } from '../../../suites/store-samples.ts';
import { openStoresIn } from './open-stores.ts';

const BUCKET = 'rows-on-their-way';

/** Servers that stand in for BigQuery and Cloud Storage, which see the same buckets, and a proxy before each. */
export async function startLoading() {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  const bucketsFolder = join(folder, 'buckets');
  await mkdir(bucketsFolder);
  const [bigQuery, storage] = await Promise.all([startBigQuery({ bucketsFolder }), startStorage({ bucketsFolder })]);
  const bigQueryProxy = await startFaultProxy(bigQuery);
  const storageProxy = await startFaultProxy({ url: storage.url, grpcPort: bigQuery.grpcPort });
  const client = storageClient(storage.url);
  await client.createBucket(BUCKET);
  const bucket = openLoadBucket(openStorage({ apiEndpoint: storageProxy.rest.url }), BUCKET);
  const through = { url: bigQueryProxy.rest.url, grpcPort: bigQueryProxy.grpc.port };
  return {
    bigQuery,
    bucket,
    /** Of REST, before BigQuery and before Cloud Storage. */
    jobs: bigQueryProxy.rest,
    objects: storageProxy.rest,
    calm(): void {
      bigQueryProxy.calm();
      storageProxy.calm();
    },
    /** Stores that load their rows. */
    open: () => openStoresIn(bigQuery, through, bucket),
    async names(prefix: string): Promise<readonly string[]> {
      const [files] = await client.bucket(BUCKET).getFiles({ prefix });
      return files.map(({ name }) => name);
    },
    async close(): Promise<void> {
      await Promise.all([bigQueryProxy.close(), storageProxy.close()]);
      await Promise.all([bigQuery.close(), storage.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

/** The same stores as they are at the end of a run, whenever somebody looks: readers see rows after the last roll-up only. */
export async function openRolledUp(open: () => ReturnType<typeof openStoresIn>) {
  const opened = await open();
  const { store, reader, place } = opened;
  let isRolledUp = false;
  const rolledUp = <Rest extends readonly unknown[], T>(look: (...rest: Rest) => Promise<T>) => {
    return async (...rest: Rest): Promise<T> => {
      // A commit under way now is rolled up the next time.
      const isDue = !isRolledUp;
      isRolledUp = true;
      if (isDue) await store.rollUp(place, CONTEXT, true);
      return look(...rest);
    };
  };
  return {
    ...opened,
    store: {
      ...store,
      audit: rolledUp(store.audit),
      async commit(...input: Parameters<typeof store.commit>) {
        const committed = await store.commit(...input);
        isRolledUp = false;
        return committed;
      },
    },
    reader: {
      ...reader,
      list: rolledUp(reader.list),
      get: rolledUp(reader.get),
      summarise: rolledUp(reader.summarise),
    },
  };
}

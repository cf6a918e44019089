import { randomBytes } from 'node:crypto';
import type { BigQuery } from '@google-cloud/bigquery';
import type { Storage } from '@google-cloud/storage';
import type { GoogleConnection } from '../../cli/gcloud/connect-google.ts';
import { connectGoogle } from '../../cli/gcloud/connect-google.ts';
import { endpointsOf, type GoogleEndpoints } from '../../cli/gcloud/google-endpoints.ts';
import type { Settings } from '../../config/settings.ts';
import { storePlacesOf } from '../../config/store-places.ts';
import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import { credentialsAt, openGoogle } from '../../google/open-google.ts';
import { createStoreFinder, type StoreFinder } from '../../stores/find-stores.ts';

export interface SmokeOptions {
  readonly project: string;
  /** Of the dataset and the bucket. */
  readonly location: string;
  readonly settings: Settings;
}

/** What is tried on, under names that nothing else has. */
export interface SmokeBench extends SmokeOptions {
  readonly store: BigQueryStoreSpec;
  readonly bucket: string;
  readonly endpoints: GoogleEndpoints;
  readonly stores: StoreFinder;
  google(): Promise<GoogleConnection>;
  bigQuery(): Promise<BigQuery>;
  storage(): Promise<Storage>;
  /** Removes the dataset and the bucket with all that is in them; what is not there is as good. Says what it could not remove. */
  cleanUp(): Promise<readonly string[]>;
  close(): void;
}

/** Connects to nothing yet. */
export function openSmokeBench(options: SmokeOptions): SmokeBench {
  const { project, settings } = options;
  const suffix = randomBytes(4).toString('hex');
  const store: BigQueryStoreSpec = { kind: 'bigquery', project, dataset: `sightline_smoke_${suffix}` };
  const bucket = `sightline-smoke-${suffix}`;
  const endpoints = endpointsOf(settings);
  const clients = openGoogle(settings);
  const stores = createStoreFinder({ ...storePlacesOf(settings), home: '', credentialsAt, storage: clients.storage });
  let connection: Promise<GoogleConnection> | undefined;
  const bench: SmokeBench = {
    ...options,
    store,
    bucket,
    endpoints,
    stores,
    google: () => (connection ??= connectGoogle(project, endpoints)),
    bigQuery: () => clients.bigQuery(project),
    storage: () => clients.storage(),
    async cleanUp() {
      const removals: Readonly<Record<string, () => Promise<unknown>>> = {
        [`dataset ${store.dataset}`]: async () =>
          (await bench.bigQuery()).dataset(store.dataset).delete({ force: true }),
        [`bucket ${bucket}`]: () => removeBucket(bench),
      };
      const left: string[] = [];
      for (const [what, remove] of Object.entries(removals)) {
        await remove().catch((error: unknown) => {
          if ((error as { readonly code?: unknown }).code !== 404) left.push(`${what}: ${String(error)}`);
        });
      }
      return left;
    },
    close: () => stores.close(),
  };
  return bench;
}

async function removeBucket(bench: SmokeBench): Promise<void> {
  const bucket = (await bench.storage()).bucket(bench.bucket);
  const [objects] = await bucket.getFiles();
  for (const object of objects) await object.delete();
  await bucket.delete();
}

import { join } from 'node:path';
import { startGemini, type GeminiOptions, type GeminiServer } from '../../fake-google/gemini/start-gemini.ts';
import { startStorage } from '../../fake-google/start-storage.ts';
import { loadStreetAssets } from '../../fake-google/street-assets/load-street-assets.ts';
import { makeStreetTable } from '../../fake-google/street-assets/make-street-table.ts';
import { readableAssets, type ReadableAsset } from '../../fake-google/street-assets/readable-assets.ts';
import { createStreetBucket } from '../../fake-google/street-assets/street-bucket.ts';
import { bigQueryClient, PROJECT, storageClient } from '../support/google-clients.ts';
import { startBigQueryRig, type BigQueryRig } from './bigquery-rig.ts';

/** A rig for the whole path: observations in BigQuery, their images in a bucket, and a model that is asked by their names. */
export interface StreetRig extends BigQueryRig {
  readonly gemini: GeminiServer;
  /** Address of the observations. */
  readonly source: string;
  /** The table of the observations, as statements name it. */
  readonly table: string;
  /** What a full read of them gives, as whoever made them says. */
  readonly made: ReadonlyMap<string, ReadableAsset>;
}

export async function startStreetRig(assets: number, options: GeminiOptions = {}): Promise<StreetRig> {
  const [google, gemini] = await Promise.all([startBigQueryRig(), startGemini(options)]);
  const storage = await startStorage({ bucketsFolder: join(google.rig.dir, 'buckets') });
  const seed = 'street';
  const images = await createStreetBucket(storage, storageClient(storage.url), 'pictures', seed);
  const client = bigQueryClient(google.proxy.rest.url);
  const street = { assets, seed, bucket: 'pictures' };
  const { tables } = await loadStreetAssets(client, { ...street, dataset: 'street', images });
  return {
    ...google,
    gemini,
    table: `street.${tables.latest}`,
    made: readableAssets(makeStreetTable(street)),
    source: `bq://${PROJECT}.street.${tables.latest}`,
    places: {
      ...google.places,
      GOOGLE_CLOUD_PROJECT: 'street-1',
      GOOGLE_VERTEX_BASE_URL: gemini.url,
      SIGHTLINE_STORAGE_ENDPOINT: storage.url,
    },
    async [Symbol.asyncDispose]() {
      await storage.close();
      await google[Symbol.asyncDispose]();
      await gemini.close();
    },
  };
}

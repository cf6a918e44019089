import type { Storage } from '@google-cloud/storage';
import type { BigQueryServer } from '../../fake-google/start-bigquery.ts';
import type { StorageServer } from '../../fake-google/start-storage.ts';
import { loadStreetAssets } from '../../fake-google/street-assets/load-street-assets.ts';
import { createStreetBucket } from '../../fake-google/street-assets/street-bucket.ts';
import { makeStreetImages } from '../../fake-google/street-assets/street-images.ts';
import { openGoogle } from '../../google/open-google.ts';
import { SAMPLE } from './sample.ts';

const SEED = 'sample';

/** Makes the sample on empty servers: a dataset for results, a bucket of photos, tables of street imagery with their images. */
export async function makeSample({ url }: BigQueryServer, storageServer: StorageServer): Promise<void> {
  const google = openGoogle({ bigQueryEndpoint: url, storageEndpoint: storageServer.url });
  const bigQuery = await google.bigQuery(SAMPLE.project);
  const storage = await google.storage();
  await bigQuery.createDataset(SAMPLE.results);
  await putPhotos(storage);
  const images = await createStreetBucket(storageServer, storage, SAMPLE.streetBucket, SEED);
  await loadStreetAssets(bigQuery, {
    dataset: SAMPLE.street,
    assets: SAMPLE.streetAssets,
    seed: SEED,
    bucket: SAMPLE.streetBucket,
    images,
  });
}

async function putPhotos(storage: Storage): Promise<void> {
  const bucket = storage.bucket(SAMPLE.photosBucket);
  await bucket.create();
  let photos: Buffer[] = [];
  for (let asset = 0; asset < SAMPLE.photoAssets; asset++) {
    for (let photo = 1; photo <= SAMPLE.photosPerAsset; photo++) {
      if (photos.length === 0) photos = [...(await makeStreetImages(`${SEED}-${asset}`))];
      const name = `street-${String(asset + 1).padStart(2, '0')}/${photo}.jpg`;
      await bucket.file(name).save(photos.shift() ?? Buffer.alloc(0), { contentType: 'image/jpeg', resumable: false });
    }
  }
}

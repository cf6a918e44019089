import { mkdir, link } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Storage } from '@google-cloud/storage';
import type { StorageServer } from '../start-storage.ts';
import { makeHuge, makePng, makeStreetImages } from './street-images.ts';
import type { StreetEntry } from './make-street-table.ts';

export interface StreetBucket {
  /** Puts an image wherever the rows of an asset name one, but where its oddity says otherwise. */
  put(entry: StreetEntry): Promise<void>;
}

/** File systems allow some 65,000 names for one file. */
const MOST_NAMES = 50_000;

/**
 * Fills a bucket with few distinct images under many names. Each is uploaded, so that the server knows its hash and generation;
 * further names are hard links to the server's file, which keeps both with the file.
 */
export async function createStreetBucket(
  { bucketsFolder }: Pick<StorageServer, 'bucketsFolder'>,
  storage: Storage,
  bucket: string,
  seed: string,
): Promise<StreetBucket> {
  const originals = storage.bucket(`${bucket}-originals`);
  await storage.bucket(bucket).create();
  await originals.create();
  const keep = async (name: string, bytes: Buffer, contentType = 'image/jpeg'): Promise<Original> => {
    let copies = 0;
    const upload = async (): Promise<string> => {
      const file = originals.file(`${name}-${copies++}`);
      await file.save(bytes, { contentType, resumable: false });
      return join(bucketsFolder, originals.name, file.name);
    };
    return createOriginal(upload);
  };
  const images = await makeStreetImages(seed);
  const ordinary = await Promise.all(images.map((bytes, number) => keep(`image-${number}`, bytes)));
  const png = await keep('png', await makePng(seed));
  const huge = await keep('huge', makeHuge(images[0] ?? Buffer.alloc(0)));
  const addressOf = (uri: string): string => join(bucketsFolder, uri.slice('gs://'.length));
  let named = 0;
  return {
    put: async ({ oddity, latest, older }) => {
      const newest = latest.at(-1)?.gcs_uri;
      const uris = new Set(
        [...latest, ...older].flatMap(({ gcs_uri: uri }) => (uri?.startsWith('gs://') ? [uri] : [])),
      );
      for (const uri of uris) {
        const isNewest = uri === newest;
        if (isNewest && oddity === 'missing-object') continue;
        const odd = isNewest ? { 'huge-image': huge, 'png-as-jpg': png }[oddity as string] : undefined;
        const original = odd ?? ordinary[named++ % ordinary.length];
        await original?.nameAlso(addressOf(uri));
      }
    },
  };
}

interface Original {
  nameAlso(path: string): Promise<void>;
}

async function createOriginal(upload: () => Promise<string>): Promise<Original> {
  let file = await upload();
  let names = 0;
  return {
    nameAlso: async (path) => {
      if (++names % MOST_NAMES === 0) file = await upload();
      await mkdir(dirname(path), { recursive: true });
      await link(file, path);
    },
  };
}

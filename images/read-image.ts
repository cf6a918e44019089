import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAddress } from '../contracts/asset.ts';
import { failed, ok, type Result } from '../contracts/failures.ts';
import type { ImageFetcher } from './fetch-image.ts';
import type { ReadImage } from './ports.ts';
import { readImageFile } from './read-image-file.ts';

/** Who reads what is not on disk. */
export interface RemoteReaders {
  readonly fetcher: Pick<ImageFetcher, 'fetch'>;
  readonly readObject: ReadImage;
}

/** Reads what a URI names: a file by its absolute path or `file:` address, an `http(s)` address, an object of a bucket. */
export function createImageReader({ fetcher, readObject }: RemoteReaders): ReadImage {
  return (uri, options) => {
    if (/^https?:/i.test(uri)) return fetcher.fetch(uri, options);
    return /^gs:/i.test(uri) ? readObject(uri, options) : readFromDisk(uri, options);
  };
}

/** Reads files only. */
export const readFromDisk: ReadImage = async (uri, options) => {
  const path = pathOf(uri);
  return path.ok ? readImageFile(path.value, options) : path;
};

function pathOf(uri: string): Result<string> {
  if (isAbsolute(uri)) return ok(uri);
  if (/^file:/i.test(uri)) {
    try {
      return ok(fileURLToPath(uri));
    } catch {
      return failed('ImageMissing', `${uri} does not name a file of this machine`);
    }
  }
  if (isAddress(uri)) {
    const scheme = uri.slice(0, uri.indexOf(':'));
    return failed('AddressRefused', `${uri} is refused: images are not fetched by ${scheme}, so download it first`);
  }
  return failed('ImageMissing', `${uri} is not an absolute path`);
}

import { hash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type Metadata } from 'sharp';
import type { ImageRef } from '../contracts/asset.ts';
import { failed, ok, type Result } from '../contracts/failures.ts';
import type { ImageLimits, LoadedImage } from './ports.ts';
import { damage } from './damage.ts';
import { readExif } from './read-exif.ts';
import { readImageFile } from './read-image-file.ts';
import { recogniseImage } from './recognise-image.ts';

/**
 * Reads and recognises the image of an absolute path (or `file:` address) without decoding it. Size and pixels are
 * checked first. Failures name the file: ImageMissing, ImageForbidden, ImageUnreadable, ImageTooLarge,
 * ImageUnsupported, and FetchFailed for a disk that does not answer just now. A file that is damaged behind its header
 * passes here and fails in `decodeImage`.
 */
export async function loadImage(ref: ImageRef, limits: ImageLimits): Promise<Result<LoadedImage>> {
  const path = pathOf(ref.uri);
  if (!path.ok) return path;
  const read = await readImageFile(path.value, limits.maxBytes);
  if (!read.ok) return read;
  const bytes = read.value;
  const recognised = await recogniseImage(bytes, path.value);
  if (!recognised.ok) return recognised;
  const header = await readHeader(bytes, path.value);
  if (!header.ok) return header;
  const { widthPx, heightPx, exif } = header.value;
  if (widthPx * heightPx > limits.maxPixels) {
    const limit = limits.maxPixels.toLocaleString('en-US');
    return failed('ImageTooLarge', `${path.value} has ${widthPx} x ${heightPx} pixels; the limit is ${limit} pixels`);
  }
  return ok({
    uri: ref.uri,
    bytes,
    mimeType: recognised.value,
    widthPx,
    heightPx,
    sha256: hash('sha256', bytes, 'hex'),
    ...(await readExif(exif)),
  });
}

function pathOf(uri: string): Result<string> {
  if (isAbsolute(uri)) return ok(uri);
  if (/^file:/i.test(uri)) {
    try {
      return ok(fileURLToPath(uri));
    } catch {
      return failed('ImageMissing', `${uri} does not name a file of this machine`);
    }
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(uri)) {
    return failed('ImageUnsupported', `${uri} is not a file: images are read from files only, so download it first`);
  }
  return failed('ImageMissing', `${uri} is not an absolute path`);
}

interface Header {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly exif: Buffer | undefined;
}

async function readHeader(bytes: Uint8Array, path: string): Promise<Result<Header>> {
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    return damage(path, error);
  }
  if (metadata.format === 'heif' && metadata.compression !== 'av1') {
    return failed(
      'ImageUnsupported',
      `${path} holds HEIC data, which cannot be decoded here; convert it to JPEG first`,
    );
  }
  const { width: widthPx, height: heightPx } = metadata.autoOrient;
  if (!(widthPx > 0 && heightPx > 0)) return failed('ImageUnreadable', `${path} has no pixels`);
  return ok({ widthPx, heightPx, exif: metadata.exif });
}

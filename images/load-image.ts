import { hash } from 'node:crypto';
import type { Metadata } from 'sharp';
import type { ImageRef } from '../contracts/asset.ts';
import { failed, ok, type Result } from '../contracts/failures.ts';
import type { ImageLimits, LoadResult, ReadImage, ReadOptions } from './ports.ts';
import { damage } from './damage.ts';
import { decoderTurns, openPicture } from './decoder.ts';
import { readExif } from './read-exif.ts';
import { nameOfImage } from './name-of-image.ts';
import { recogniseImage } from './recognise-image.ts';

/** How an image is read, and under which limits. */
export interface LoadOptions extends Omit<ReadOptions, 'maxBytes' | 'generation'> {
  readonly read: ReadImage;
  readonly limits: ImageLimits;
}

/**
 * Reads and recognises an image without decoding it. Size and pixels are checked first. Failures name the image:
 * ImageMissing, ImageForbidden, ImageUnreadable, ImageTooLarge, ImageUnsupported, AddressRefused, and FetchFailed for a disk
 * or server that does not answer just now. A file that is damaged behind its header passes here and fails in `decodeImage`.
 */
export async function loadImage(ref: ImageRef, { read, limits, ...options }: LoadOptions): Promise<LoadResult> {
  const name = nameOfImage(ref.uri);
  const { uri, generation } = ref;
  const got = await read(uri, { ...options, maxBytes: limits.maxBytes, ...(generation && { generation }) });
  if (!got.ok) return got;
  const bytes = got.value;
  const recognised = await recogniseImage(bytes, name);
  if (!recognised.ok) return recognised;
  const header = await readHeader(bytes, name);
  if (!header.ok) return header;
  const { widthPx, heightPx, exif } = header.value;
  if (widthPx * heightPx > limits.maxPixels) {
    const limit = limits.maxPixels.toLocaleString('en-US');
    return failed('ImageTooLarge', `${name} has ${widthPx} x ${heightPx} pixels; the limit is ${limit} pixels`);
  }
  return ok({
    uri,
    bytes,
    mimeType: recognised.value,
    widthPx,
    heightPx,
    sha256: hash('sha256', bytes, 'hex'),
    ...(await readExif(exif)),
  });
}

interface Header {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly exif: Buffer | undefined;
}

async function readHeader(bytes: Uint8Array, name: string): Promise<Result<Header>> {
  let metadata: Metadata;
  try {
    const read = (): Promise<Metadata> => openPicture(bytes, { failOn: 'warning', maxPixels: false }).metadata();
    metadata = await decoderTurns.shared(read).catch(() => decoderTurns.alone(read));
  } catch (error) {
    return damage(name, error);
  }
  if (metadata.format === 'heif' && metadata.compression !== 'av1') {
    return failed(
      'ImageUnsupported',
      `${name} holds HEIC data, which cannot be decoded here; convert it to JPEG or PNG first, for example with heif-convert`,
    );
  }
  const { width: widthPx, height: heightPx } = metadata.autoOrient;
  if (!(widthPx > 0 && heightPx > 0)) return failed('ImageUnreadable', `${name} has no pixels`);
  return ok({ widthPx, heightPx, exif: metadata.exif });
}

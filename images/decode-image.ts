import sharp from 'sharp';
import { ok, type Result } from '../contracts/failures.ts';
import { damage } from './damage.ts';
import { nameOfImage } from './name-of-image.ts';
import type { DecodedImage, LoadedImage } from './ports.ts';

export interface DecodeOptions {
  /** Longest side of the result, in pixels. Smaller pictures keep their size. */
  readonly maxSidePx: number;
}

/**
 * Decodes the first picture of an image: upright, sRGB, 8 bit, transparency on white. A file that is cut off, or corrupt
 * so that the decoder notices, is `ImageUnreadable`: never half a picture with the rest filled up in grey.
 */
export async function decodeImage(image: LoadedImage, options: DecodeOptions): Promise<Result<DecodedImage>> {
  try {
    return ok(await decode(image, options, 'warning'));
  } catch (error) {
    if (isDamage(error)) return damage(nameOfImage(image.uri), error);
  }
  // A warning about something else, such as an odd colour profile: the pixels may be all there.
  try {
    return ok(await decode(image, options, 'error'));
  } catch (error) {
    return damage(nameOfImage(image.uri), error);
  }
}

async function decode(
  image: LoadedImage,
  { maxSidePx }: DecodeOptions,
  failOn: 'warning' | 'error',
): Promise<DecodedImage> {
  const { data, info } = await sharp(image.bytes, {
    failOn,
    limitInputPixels: image.widthPx * image.heightPx,
    sequentialRead: true,
  })
    .autoOrient()
    .resize(maxSidePx, maxSidePx, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, pixels: data, channels: info.channels === 1 ? 1 : 3 };
}

/** Bytes between the segments of a JPEG are the one kind of "corrupt data" that costs no pixels. */
function isDamage(error: unknown): boolean {
  return (
    error instanceof Error && /premature end|Corrupt JPEG data: (?!\d+ extraneous)|pixel limit/i.test(error.message)
  );
}

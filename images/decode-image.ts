import sharp from 'sharp';
import { ok, type Result } from '../contracts/failures.ts';
import { damage } from './damage.ts';
import type { DecodedImage, LoadedImage } from './ports.ts';

export interface DecodeOptions {
  /** Longest side of the result, in pixels. Smaller pictures keep their size. */
  readonly maxSidePx: number;
}

/**
 * Decodes the first picture of an image: upright, sRGB, 8 bit, transparency on white. A file that is cut off or
 * corrupt anywhere is `ImageUnreadable`, never half a picture.
 */
export async function decodeImage(image: LoadedImage, { maxSidePx }: DecodeOptions): Promise<Result<DecodedImage>> {
  try {
    const { data, info } = await sharp(image.bytes, {
      failOn: 'error',
      limitInputPixels: image.widthPx * image.heightPx,
      sequentialRead: true,
    })
      .autoOrient()
      .resize(maxSidePx, maxSidePx, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return ok({ widthPx: info.width, heightPx: info.height, pixels: data, channels: info.channels === 1 ? 1 : 3 });
  } catch (error) {
    return damage(image.uri, error);
  }
}

import type { Result } from '../contracts/failures.ts';
import { decodeWith } from './decode-with.ts';
import type { DecodedImage, LoadedImage } from './ports.ts';

export interface DecodeOptions {
  /** Longest side of the result, in pixels. Smaller pictures keep their size. */
  readonly maxSidePx: number;
}

/** Decodes the first picture of an image: upright, sRGB, 8 bit, transparency on white. Damaged ones are `ImageUnreadable`. */
export function decodeImage(image: LoadedImage, { maxSidePx }: DecodeOptions): Promise<Result<DecodedImage>> {
  return decodeWith(image, async (picture) => {
    const { data, info } = await picture
      .resize(maxSidePx, maxSidePx, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { widthPx: info.width, heightPx: info.height, pixels: data, channels: info.channels === 1 ? 1 : 3 };
  });
}

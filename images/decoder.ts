import sharp, { type Sharp } from 'sharp';
import { createByteBudget } from './byte-budget.ts';
import { createSharedOrAlone } from './shared-or-alone.ts';
import type { LoadedImage } from './ports.ts';

// Pictures are decoded side by side, so each gets one thread; none is decoded twice, so nothing is kept.
sharp.concurrency(1);
sharp.cache(false);

export interface OpenOptions {
  /** `warning` also refuses pictures with parts missing. */
  readonly failOn: 'warning' | 'error';
  /** A picture that turns out to have more is not decoded; false = as many as it likes, for reading its header only. */
  readonly maxPixels: number | false;
}

export const DECODING_SECONDS = 120;

/** The one place where bytes meet the decoder: with limits, and with the first picture of several. */
export function openPicture(bytes: Uint8Array, { failOn, maxPixels }: OpenOptions): Sharp {
  return sharp(bytes, { failOn, limitInputPixels: maxPixels, sequentialRead: true }).timeout({
    seconds: DECODING_SECONDS,
  });
}

/**
 * The decoder keeps what went wrong in one text for the whole process: any picture that ends meanwhile empties it. So whoever
 * acts on the words of an error has to meet it alone, and everybody else has to ask here.
 */
export const decoderTurns = createSharedOrAlone();

/** Memory for pictures that are being decoded, in bytes, in the whole process; a larger one is decoded alone. */
const DECODING_BYTES = 1_000_000_000;
/** What decoding costs at most, in bytes for each pixel, as measured with 100 million of them. */
const BYTES_PER_PIXEL: Readonly<Record<string, number>> = { 'image/avif': 18, 'image/png': 7, 'image/gif': 5 };
const BYTES_PER_OTHER_PIXEL = 4;

const decoding = createByteBudget(DECODING_BYTES);
const NEVER = new AbortController().signal;

/** Runs `body`, which decodes an image, when there is memory for its pixels. */
export async function withRoomToDecode<T>(
  { mimeType, widthPx, heightPx }: Pick<LoadedImage, 'mimeType' | 'widthPx' | 'heightPx'>,
  body: () => Promise<T>,
): Promise<T> {
  const share = decoding.open(NEVER);
  try {
    await share.claim().reserve(widthPx * heightPx * (BYTES_PER_PIXEL[mimeType] ?? BYTES_PER_OTHER_PIXEL));
    return await body();
  } finally {
    share.close();
  }
}

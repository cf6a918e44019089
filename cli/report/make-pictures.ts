import { basename } from 'node:path';
import pLimit from 'p-limit';
import sharp from 'sharp';
import { isAddress } from '../../contracts/asset.ts';
import { failureRule } from '../../contracts/failures.ts';
import { decodeImage } from '../../images/decode-image.ts';
import { decoderTurns } from '../../images/decoder.ts';
import { createImageDesk, type DeskOptions } from '../../images/image-desk.ts';
import { createByteBudget } from '../../images/byte-budget.ts';
import type { DecodedImage, ImageLimits } from '../../images/ports.ts';
import { readFromDisk } from '../../images/read-image.ts';
import type { StoredRow } from '../../stores/ports.ts';
import type { Picture } from './report-data.ts';

export interface PictureLimits {
  /** Images of one asset that are shown. */
  readonly perAsset: number;
  readonly longestSidePx: number;
  /** All pictures of a page together. */
  readonly totalBytes: number;
  /** What is read and decoded at all. */
  readonly image: ImageLimits;
}

/** Each holds a decoded picture for a moment. */
const AT_ONCE = 2;

/** Small copies of the first images of each row, ready to be put into a page. A report reads files; it fetches nothing. */
export async function makePictures(
  rows: readonly StoredRow[],
  limits: PictureLimits,
): Promise<readonly (readonly Picture[])[]> {
  const atOnce = pLimit(AT_ONCE);
  const desk: DeskOptions = {
    read: readFromDisk,
    look: () => Promise.reject(new Error('a report reads all that it shows')),
    budget: createByteBudget(limits.image.maxBytes),
    limits: limits.image,
    changes: {},
    signal: new AbortController().signal,
  };
  let leftBytes = limits.totalBytes;
  const take = (sizeBytes: number): boolean => {
    if (sizeBytes > leftBytes) return false;
    leftBytes -= sizeBytes;
    return true;
  };
  return Promise.all(
    rows.map((row) => {
      const digests = listOf(row['image_digests']);
      const uris = listOf(row['image_uris']).slice(0, limits.perAsset);
      return Promise.all(
        uris.map((uri, at) => atOnce(() => makePicture(String(uri), digests[at], limits, desk, take))),
      );
    }),
  );
}

/** Addresses of images, or their digests, as a row holds them. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

async function makePicture(
  uri: string,
  digest: unknown,
  limits: PictureLimits,
  options: DeskOptions,
  take: (sizeBytes: number) => boolean,
): Promise<Picture> {
  const name = nameOf(uri);
  const absent = (why: string): Picture => ({ kind: 'absent', name, why });
  if (isAddress(uri) && !/^file:/i.test(uri)) return absent('It is not on this machine, and a report fetches nothing.');
  using desk = createImageDesk(options);
  const loaded = await desk.load({ uri });
  if (!loaded.ok) return absent(failureRule(loaded.failure.name).sentence);
  const decoded = await decodeImage(loaded.value, { maxSidePx: limits.longestSidePx });
  if (!decoded.ok) return absent(failureRule(decoded.failure.name).sentence);
  const bytes = await decoderTurns.shared(() => encode(decoded.value));
  if (!take(bytes.length)) return absent('The pictures of this page have reached their size limit.');
  return {
    kind: 'shown',
    name,
    dataUri: `data:image/webp;base64,${bytes.toString('base64')}`,
    widthPx: decoded.value.widthPx,
    heightPx: decoded.value.heightPx,
    hasChanged: typeof digest === 'string' && digest !== loaded.value.sha256,
  };
}

function encode({ pixels, widthPx, heightPx, channels }: DecodedImage): Promise<Buffer> {
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels } })
    .webp({ quality: 75 })
    .toBuffer();
}

function nameOf(uri: string): string {
  return basename(uri.replace(/[?#].*$/, '')) || uri;
}

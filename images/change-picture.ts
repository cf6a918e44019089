import type { Sharp } from 'sharp';
import { ok, type Result } from '../contracts/failures.ts';
import { decodeWith } from './decode-with.ts';
import type { PictureChanges } from './picture-changes.ts';
import type { LoadedImage } from './ports.ts';

type Format = NonNullable<PictureChanges['reencode']>;

/** Formats that a picture keeps when it is scaled down; all others become JPEG. */
const KEPT: Readonly<Record<string, Format>> = { 'image/jpeg': 'jpeg', 'image/png': 'png', 'image/webp': 'webp' };
const DEFAULT_JPEG_QUALITY = 85;

/**
 * Scales an image down and writes it anew, as far as the changes ask for it: upright, in sRGB, without metadata. Everything
 * else about it, its digest too, stays that of the image as it was found. A damaged one is `ImageUnreadable`.
 */
export async function changePicture(image: LoadedImage, changes: PictureChanges): Promise<Result<LoadedImage>> {
  const { maxSidePx = Infinity, reencode, jpegQuality = DEFAULT_JPEG_QUALITY } = changes;
  const isLarger = Math.max(image.widthPx, image.heightPx) > maxSidePx;
  if (!isLarger && reencode === undefined) return ok(image);
  const format = reencode ?? KEPT[image.mimeType] ?? 'jpeg';
  const written = await decodeWith(image, (picture) => {
    const scaled = isLarger ? picture.resize(maxSidePx, maxSidePx, { fit: 'inside' }) : picture;
    return write(scaled.toColourspace('srgb'), format, jpegQuality).toBuffer({ resolveWithObject: true });
  });
  if (!written.ok) return written;
  const { data, info } = written.value;
  return ok({ ...image, bytes: data, mimeType: `image/${format}`, widthPx: info.width, heightPx: info.height });
}

function write(picture: Sharp, format: Format, jpegQuality: number): Sharp {
  if (format === 'jpeg') return picture.flatten({ background: '#ffffff' }).jpeg({ quality: jpegQuality });
  return picture.toFormat(format);
}

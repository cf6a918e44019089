import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import exifr from 'exifr';
import sharp from 'sharp';

const TAGS = [
  'DateTimeOriginal',
  'OffsetTimeOriginal',
  'GPSLatitude',
  'GPSLatitudeRef',
  'GPSLongitude',
  'GPSLongitudeRef',
];

/** What anybody would write with the same libraries: no limits, no checks, no named failures. */
export async function lookPlainly(path: string, maxSidePx: number): Promise<void> {
  const bytes = await readFile(path);
  hash('sha256', bytes, 'hex');
  await exifr.parse(bytes, { pick: TAGS });
  await sharp(bytes)
    .autoOrient()
    .resize(maxSidePx, maxSidePx, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer();
}

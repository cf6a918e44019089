import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changePicture } from '../../images/change-picture.ts';
import type { PictureChanges } from '../../images/picture-changes.ts';
import type { LoadedImage } from '../../images/ports.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { loadFromDisk } from './load-from-disk.ts';
import { noise, redAndBlue } from './sample-images.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-changes-');
});
afterAll(async () => folder[Symbol.asyncDispose]());

async function load(picture: Sharp | Buffer): Promise<LoadedImage> {
  const path = join(folder.path, 'picture');
  await writeFile(path, picture instanceof Uint8Array ? picture : await picture.toBuffer());
  const loaded = await loadFromDisk(path);
  if (!loaded.ok) throw new Error(loaded.failure.message);
  return loaded.value;
}

async function change(image: LoadedImage, changes: PictureChanges): Promise<LoadedImage> {
  const changed = await changePicture(image, changes);
  if (!changed.ok) throw new Error(changed.failure.message);
  return changed.value;
}

describe('a picture on its way to an analyzer', () => {
  it.each([{}, { maxSidePx: 600 }, { maxSidePx: 5_000 }])(
    'stays as it is with %j when it is not larger',
    async (changes) => {
      const image = await load(noise(600, 300).jpeg());
      expect(await change(image, changes)).toBe(image);
    },
  );

  it.each([
    ['jpeg', 'image/jpeg'],
    ['png', 'image/png'],
    ['webp', 'image/webp'],
    ['tiff', 'image/jpeg'],
    ['gif', 'image/jpeg'],
    ['avif', 'image/jpeg'],
  ] as const)('is scaled down: %s becomes %s', async (format, mimeType) => {
    const image = await load(noise(600, 300).toFormat(format, format === 'avif' ? { effort: 0 } : {}));
    const changed = await change(image, { maxSidePx: 200 });
    expect(changed).toMatchObject({ mimeType, widthPx: 200, heightPx: 100, uri: image.uri });
    expect(await sharp(changed.bytes).metadata()).toMatchObject({ width: 200, height: 100, format: mimeType.slice(6) });
  });

  it.each(['jpeg', 'png', 'webp'] as const)('is written anew as %s, whatever its size', async (reencode) => {
    const changed = await change(await load(noise(60, 30).tiff()), { reencode });
    expect(changed).toMatchObject({ mimeType: `image/${reencode}`, widthPx: 60, heightPx: 30 });
    expect(await sharp(changed.bytes).metadata()).toMatchObject({ format: reencode, width: 60 });
  });

  it('keeps the digest, place and time of the image as it was found', async () => {
    const image = await load(
      noise(60, 30)
        .withExif({
          IFD2: { DateTimeOriginal: '2026:05:04 10:20:30' },
          IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '1/1 0/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '2/1 0/1 0/1' },
        })
        .jpeg(),
    );
    const changed = await change(image, { maxSidePx: 20 });
    expect(changed).toMatchObject({
      sha256: createHash('sha256').update(image.bytes).digest('hex'),
      location: { latitude: 1, longitude: 2 },
      capturedAt: '2026-05-04T10:20:30',
    });
    expect((await sharp(changed.bytes).metadata()).exif).toBeUndefined();
  });

  it('is written upright', async () => {
    const changed = await change(await load(await redAndBlue(6)), { reencode: 'png' });
    expect(changed).toMatchObject({ widthPx: 40, heightPx: 80 });
    const { data } = await sharp(changed.bytes).raw().toBuffer({ resolveWithObject: true });
    const [red = 0, , blue = 0] = data;
    expect(red).toBeGreaterThan(blue + 100);
    expect(await sharp(changed.bytes).metadata()).not.toHaveProperty('orientation');
  });

  it('loses quality only as far as it is told', async () => {
    const image = await load(noise(200, 200).png());
    const sizes = await Promise.all(
      [10, undefined, 100].map(async (quality) => {
        const jpegQuality = quality === undefined ? {} : { jpegQuality: quality };
        return (await change(image, { reencode: 'jpeg', ...jpegQuality })).bytes.length;
      }),
    );
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(new Set(sizes).size).toBe(3);
  });

  it('lies on white where a JPEG cannot be transparent, and stays transparent where it can', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const image = await load(sharp({ create: { width: 40, height: 40, channels: 4, background: clear } }).png());
    const jpeg = await change(image, { reencode: 'jpeg' });
    const [value] = await sharp(jpeg.bytes).raw().toBuffer();
    expect(value).toBe(255);
    const webp = await change(image, { reencode: 'webp', maxSidePx: 20 });
    expect(await sharp(webp.bytes).metadata()).toMatchObject({ hasAlpha: true, width: 20 });
  });

  it('is unreadable when it is damaged behind its header', async () => {
    const whole = await noise(300, 200).jpeg().toBuffer();
    const image = await load(whole.subarray(0, 8_000));
    expect(await changePicture(image, { maxSidePx: 100 })).toMatchObject({
      ok: false,
      failure: { name: 'ImageUnreadable', message: expect.stringContaining(image.uri) },
    });
  });
});

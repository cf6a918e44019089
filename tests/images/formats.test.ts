import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../images/decode-image.ts';
import type { DecodedImage, LoadedImage } from '../../images/ports.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { loadFromDisk } from './load-from-disk.ts';

const [WIDTH, HEIGHT] = [96, 64];
const CORNERS = {
  topLeft: [220, 40, 40],
  topRight: [40, 180, 60],
  bottomLeft: [40, 60, 200],
  bottomRight: [230, 210, 60],
} as const;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-formats-');
});
afterAll(async () => folder[Symbol.asyncDispose]());

/** Four fields of one colour each. */
function fields(): Sharp {
  const pixels = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const [left, right] =
        y < HEIGHT / 2 ? [CORNERS.topLeft, CORNERS.topRight] : [CORNERS.bottomLeft, CORNERS.bottomRight];
      pixels.set(x < WIDTH / 2 ? left : right, (y * WIDTH + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
}

/** By orientation: how an upright picture is turned, and then mirrored, to lie in its file. */
const LYING: Readonly<Record<number, readonly [number, boolean]>> = {
  1: [0, false],
  2: [0, true],
  3: [180, false],
  4: [180, true],
  5: [90, true],
  6: [270, false],
  7: [270, true],
  8: [90, false],
};

/** As it lies in the file of a camera that was held like that. */
async function lying(orientation: number): Promise<Sharp> {
  const [degrees, isMirrored] = LYING[orientation]!;
  const turned = await fields().rotate(degrees).png().toBuffer();
  const mirrored = isMirrored ? await sharp(turned).flop().png().toBuffer() : turned;
  return sharp(mirrored).withMetadata({ orientation });
}

/** The picture, then the same in one colour. */
async function twoFrames(): Promise<Sharp> {
  const first = await fields().raw().toBuffer();
  const data = Buffer.concat([first, Buffer.alloc(first.length, 0)]);
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT * 2, channels: 3, pageHeight: HEIGHT } });
}

async function look(name: string, bytes: Uint8Array): Promise<{ image: LoadedImage; picture: DecodedImage }> {
  const path = join(folder.path, name.replace(/\W/g, '-'));
  await writeFile(path, bytes);
  const loaded = await loadFromDisk(path);
  if (!loaded.ok) throw new Error(loaded.failure.message);
  const decoded = await decodeImage(loaded.value, { maxSidePx: 1_000 });
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return { image: loaded.value, picture: decoded.value };
}

/** How far the middle of each field is from its colour, at most, in one channel. */
function largestError({ pixels, widthPx, heightPx }: DecodedImage): number {
  const at = (x: number, y: number): Uint8Array => {
    const start = (Math.floor(y * heightPx) * widthPx + Math.floor(x * widthPx)) * 3;
    return pixels.subarray(start, start + 3);
  };
  const found = [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
  const errors = Object.values(CORNERS).flatMap((color, index) =>
    color.map((value, channel) => Math.abs(value - (found[index]?.[channel] ?? Number.NaN))),
  );
  return Math.max(...errors);
}

const EXACT = 0;
const ROUNDED = 1;
const LOSSY = 12;
/** Colours that printing inks do not reach move further. */
const INK = 60;

describe('a picture in any format that is read', () => {
  it.each([
    ['JPEG', 'image/jpeg', LOSSY, () => fields().jpeg()],
    ['JPEG, progressive', 'image/jpeg', LOSSY, () => fields().jpeg({ progressive: true })],
    ['JPEG, CMYK', 'image/jpeg', INK, () => fields().toColourspace('cmyk').jpeg()],
    ['JPEG, full colour resolution', 'image/jpeg', LOSSY, () => fields().jpeg({ chromaSubsampling: '4:4:4' })],
    ['JPEG, wide colours', 'image/jpeg', LOSSY, () => fields().withIccProfile('p3').jpeg()],
    ['PNG', 'image/png', EXACT, () => fields().png()],
    ['PNG, 16 bit', 'image/png', EXACT, () => fields().toColourspace('rgb16').png()],
    ['PNG, palette', 'image/png', LOSSY, () => fields().png({ palette: true })],
    ['PNG, interlaced', 'image/png', EXACT, () => fields().png({ progressive: true })],
    ['PNG, with transparency', 'image/png', EXACT, () => fields().ensureAlpha().png()],
    ['WebP', 'image/webp', LOSSY, () => fields().webp()],
    ['WebP, lossless', 'image/webp', EXACT, () => fields().webp({ lossless: true })],
    ['WebP, first frame', 'image/webp', EXACT, async () => (await twoFrames()).webp({ lossless: true })],
    ['AVIF', 'image/avif', LOSSY, () => fields().avif({ effort: 0, quality: 80 })],
    ['TIFF', 'image/tiff', EXACT, () => fields().tiff({ compression: 'none' })],
    ['TIFF, LZW', 'image/tiff', EXACT, () => fields().tiff({ compression: 'lzw' })],
    ['TIFF, deflate in tiles', 'image/tiff', EXACT, () => fields().tiff({ compression: 'deflate', tile: true })],
    ['TIFF, JPEG inside', 'image/tiff', LOSSY, () => fields().tiff({ compression: 'jpeg' })],
    ['TIFF, 16 bit', 'image/tiff', ROUNDED, () => fields().toColourspace('rgb16').tiff()],
    ['TIFF, CMYK', 'image/tiff', INK, () => fields().toColourspace('cmyk').tiff({ compression: 'lzw' })],
    ['GIF', 'image/gif', LOSSY, () => fields().gif()],
    ['GIF, first frame', 'image/gif', LOSSY, async () => (await twoFrames()).gif()],
  ])('%s', async (name, mimeType, tolerance, make) => {
    const { image, picture } = await look(name, await (await make()).toBuffer());
    expect(image).toMatchObject({ mimeType, widthPx: WIDTH, heightPx: HEIGHT });
    expect(picture).toMatchObject({ widthPx: WIDTH, heightPx: HEIGHT, channels: 3 });
    expect(largestError(picture)).toBeLessThanOrEqual(tolerance);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is upright when it was taken with orientation %i', async (orientation) => {
    const file = await lying(orientation);
    for (const bytes of await Promise.all([file.clone().jpeg().toBuffer(), file.clone().webp().toBuffer()])) {
      const { image, picture } = await look(`orientation ${orientation}`, bytes);
      expect(image).toMatchObject({ widthPx: WIDTH, heightPx: HEIGHT });
      expect(picture).toMatchObject({ widthPx: WIDTH, heightPx: HEIGHT });
      expect(largestError(picture)).toBeLessThanOrEqual(2 * LOSSY);
    }
  });
});

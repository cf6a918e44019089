import sharp, { type Sharp } from 'sharp';
import type { DemoPicture } from './demo-assets.ts';
import { drawStreet } from './draw-street.ts';
import { placeThing } from './draw-things.ts';
import { seededRandom } from './seeded-random.ts';

/** The bytes of one picture of the demo: the same for the same picture on one machine. */
export async function renderPicture(picture: DemoPicture, grain: Buffer): Promise<Buffer> {
  if (picture.flaw === 'empty') return Buffer.alloc(0);
  if (picture.flaw === 'text') return Buffer.from('Shopping list: tape measure, chalk, spare batteries.\n');
  const x = 480 + ([0, -90, 70][picture.side % 3] ?? 0) + ((picture.seed * 37) % 60) - 30;
  const svg = drawStreet(picture, placeThing(picture.thing, x, picture.side));
  const image = sharp(Buffer.from(svg))
    .composite([{ input: grain, tile: true, blend: 'soft-light' }])
    .removeAlpha();
  if (picture.flaw === 'png') return image.png({ compressionLevel: 6 }).toBuffer();
  const bytes = await (await withFlaw(image, picture.flaw)).withExif(exifOf(picture)).jpeg({ quality: 88 }).toBuffer();
  return picture.flaw === 'truncated' ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes;
}

/** A small tile of film grain: without texture there is nothing that could be sharp. */
export async function renderGrain(): Promise<Buffer> {
  const size = 256;
  const random = seededRandom(7);
  const pixels = Uint8Array.from({ length: size * size * 3 }, () => 0);
  for (let at = 0; at < pixels.length; at += 3)
    pixels.fill(128 + Math.round((random() + random() - 1) * 40), at, at + 3);
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}

async function withFlaw(image: Sharp, flaw: DemoPicture['flaw']): Promise<Sharp> {
  if (flaw !== 'blurred' && flaw !== 'over-exposed') return image;
  // The grain is laid on last within one pipeline, so the flaw needs a second one.
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const finished = sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
  return flaw === 'blurred' ? finished.blur(7) : finished.linear(1.7, 90);
}

/** One street: each thing stands a little further along it, photographed a minute later. */
function exifOf({ seed, side }: DemoPicture): Parameters<Sharp['withExif']>[0] {
  const seconds = (start: number, step: number) => `${Math.round((start + seed * step) * 100)}/100`;
  const minute = String(seed + side).padStart(2, '0');
  return {
    IFD0: { Make: 'Sightline', Model: 'Demo' },
    IFD2: { DateTimeOriginal: `2026:05:14 09:${minute}:30`, OffsetTimeOriginal: '+02:00' },
    IFD3: {
      GPSLatitudeRef: 'N',
      GPSLatitude: `52/1 22/1 ${seconds(4, 0.6)}`,
      GPSLongitudeRef: 'E',
      GPSLongitude: `4/1 53/1 ${seconds(31, 0.9)}`,
    },
  };
}

import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A picture with noise, so that every part of its file matters. */
export function noise(widthPx: number, heightPx: number, seed = 42): Sharp {
  const pixels = new Uint8Array(widthPx * heightPx * 3);
  let state = seed;
  for (let at = 0; at < pixels.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[at] = state >>> 24;
  }
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } });
}

export const FORMATS = ['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const;

export function encode(image: Sharp, format: (typeof FORMATS)[number]): Promise<Buffer> {
  return image.toFormat(format, format === 'avif' ? { effort: 0 } : {}).toBuffer();
}

/** Left half red, right half blue, as it lies in the file; `orientation` is the EXIF value. */
export async function redAndBlue(orientation: number): Promise<Buffer> {
  const red = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#f00' } })
    .png()
    .toBuffer();
  return sharp({ create: { width: 80, height: 40, channels: 3, background: '#00f' } })
    .composite([{ input: red, left: 0, top: 0 }])
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer();
}

/** A small PNG whose header claims another size, with a checksum that fits. */
export async function pngClaiming(widthPx: number, heightPx: number): Promise<Buffer> {
  const png = await encode(noise(8, 8), 'png');
  png.writeUInt32BE(widthPx, 16);
  png.writeUInt32BE(heightPx, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

/** A small JPEG whose frame header claims another size. */
export async function jpegClaiming(widthPx: number, heightPx: number): Promise<Buffer> {
  const jpeg = await encode(noise(8, 8), 'jpeg');
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(heightPx, frame + 5);
  jpeg.writeUInt16BE(widthPx, frame + 7);
  return jpeg;
}

/** The start of a HEIC file as telephones write it. */
export function heicHead(): Buffer {
  const box = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
  return Buffer.concat([box, Buffer.alloc(2000, 7)]);
}

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createDeflate } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { encode, jpegClaiming, noise, pngClaiming } from '../sample-images.ts';
import type { HostileFile } from './hostile-file.ts';
import { pngChunk as chunk } from './png-chunk.ts';

const SIDE_PX = 30_000;
/** 100 million pixels: as many as are allowed. */
const ALLOWED_SIDE_PX = 10_000;

/** Small files with huge pictures: some only claim them, some have them, and some are as large as is just allowed. */
export async function oversizedFiles(random: () => number): Promise<readonly HostileFile[]> {
  const seed = Math.floor(random() * 1e9);
  return [
    { name: 'claims-30000-px.png', bytes: await pngClaiming(SIDE_PX, SIDE_PX), ends: 'ImageTooLarge' },
    { name: 'claims-30000-px.jpg', bytes: await jpegClaiming(SIDE_PX, SIDE_PX), ends: 'ImageTooLarge' },
    { name: 'claims-65500-px.jpg', bytes: await jpegClaiming(65_500, 65_500), ends: 'ImageTooLarge' },
    { name: 'claims-more-than-a-jpeg-can.jpg', bytes: await jpegClaiming(65_535, 65_535), ends: 'ImageUnreadable' },
    // Its one frame is small, and that is what counts.
    { name: 'claims-65535-px-screen.gif', bytes: await gifClaiming(seed, 65_535), ends: 'succeeded' },
    { name: 'claims-60000-px.tiff', bytes: await tiffClaiming(seed, 60_000), ends: 'ImageTooLarge' },
    { name: 'claims-two-billion-px.tiff', bytes: await tiffClaiming(seed, 2_000_000_000), ends: 'ImageUnreadable' },
    { name: 'claims-9000-px.png', bytes: await pngClaiming(9_000, 9_000), ends: 'ImageUnreadable' },
    { name: 'claims-9000-px.jpg', bytes: await jpegClaiming(9_000, 9_000), ends: 'ImageUnreadable' },
    { name: 'claims-9000-px.tiff', bytes: await tiffClaiming(seed, 9_000), ends: 'ImageUnreadable' },
    { name: 'claims-no-px.jpg', bytes: await jpegClaiming(0, 0), ends: 'ImageUnreadable' },
    { name: 'claims-no-px.png', bytes: await pngClaiming(0, 9), ends: 'ImageUnreadable' },
    { name: 'has-30000-px.png', bytes: await whitePng(SIDE_PX), ends: 'ImageTooLarge' },
    { name: 'has-10000-px.png', bytes: await whitePng(ALLOWED_SIDE_PX), ends: 'succeeded' },
    { name: 'has-10001-px.png', bytes: await whitePng(ALLOWED_SIDE_PX + 1), ends: 'ImageTooLarge' },
    { name: 'has-10000-px-16-bit-interlaced.png', bytes: await sixteenBit(), ends: 'succeeded' },
    { name: 'has-10000-px-progressive-rotated.jpg', bytes: await progressive(), ends: 'succeeded' },
    { name: 'has-10000-px.gif', bytes: await flat(ALLOWED_SIDE_PX).gif({ effort: 1 }).toBuffer(), ends: 'succeeded' },
    { name: 'has-6000-px.avif', bytes: await flat(6_000).avif({ effort: 0 }).toBuffer(), ends: 'succeeded' },
  ];
}

function flat(sidePx: number): Sharp {
  return sharp({ create: { width: sidePx, height: sidePx, channels: 3, background: '#3a7' } });
}

function sixteenBit(): Promise<Buffer> {
  return flat(ALLOWED_SIDE_PX).toColourspace('rgb16').png({ progressive: true, compressionLevel: 1 }).toBuffer();
}

function progressive(): Promise<Buffer> {
  return flat(ALLOWED_SIDE_PX).withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer();
}

/** A real picture with one bit for each pixel, row by row: 30,000 x 30,000 in about 100 KB. */
async function whitePng(sidePx: number): Promise<Buffer> {
  const row = Buffer.alloc(1 + Math.ceil(sidePx / 8), 0xff);
  row[0] = 0;
  const rows = Readable.from(Array.from({ length: sidePx }, () => row));
  const pixels = await buffer(rows.pipe(createDeflate({ level: 6 })));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(sidePx, 0);
  head.writeUInt32BE(sidePx, 4);
  head[8] = 1;
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/** A small GIF whose screen claims to be larger. */
async function gifClaiming(seed: number, sidePx: number): Promise<Buffer> {
  const gif = await encode(noise(8, 8, seed), 'gif');
  gif.writeUInt16LE(sidePx, 6);
  gif.writeUInt16LE(sidePx, 8);
  return gif;
}

/** A small TIFF whose width and length (tags 256 and 257) claim more. */
async function tiffClaiming(seed: number, sidePx: number): Promise<Buffer> {
  const tiff = await encode(noise(8, 8, seed), 'tiff');
  const directory = tiff.readUInt32LE(4);
  for (let entry = directory + 2; entry < directory + 2 + tiff.readUInt16LE(directory) * 12; entry += 12) {
    if (![256, 257].includes(tiff.readUInt16LE(entry))) continue;
    tiff.writeUInt16LE(4, entry + 2);
    tiff.writeUInt32LE(sidePx, entry + 8);
  }
  return tiff;
}

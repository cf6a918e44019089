import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { encode, noise } from '../sample-images.ts';
import type { HostileFile } from './hostile-file.ts';
import { pngChunk as chunk } from './png-chunk.ts';

const FRAMES = 3_000;

/** Pictures whose structure is a trap: endless EXIF, directories in a circle, thousands of frames, texts that blow up. */
export async function malformedFiles(random: () => number): Promise<readonly HostileFile[]> {
  const seed = Math.floor(random() * 1e9);
  const jpeg = await encode(noise(60, 40, seed), 'jpeg');
  const png = await encode(noise(60, 40, seed), 'png');
  const tiff = await encode(noise(60, 40, seed), 'tiff');
  return [
    { name: 'exif-in-400-segments.jpg', bytes: withSegments(jpeg, 400, exifSegment(65_000)), ends: 'succeeded' },
    { name: 'exif-beyond-the-limit.jpg', bytes: withSegments(jpeg, 500, exifSegment(65_000)), ends: 'ImageTooLarge' },
    { name: 'exif-in-a-circle.jpg', bytes: withSegments(jpeg, 1, circularExif()), ends: 'succeeded' },
    { name: 'exif-with-endless-entries.jpg', bytes: withSegments(jpeg, 1, endlessExif()), ends: 'succeeded' },
    {
      name: 'comment-with-script.jpg',
      bytes: withSegments(jpeg, 1, segment(0xfe, Buffer.from('<?php evil() ?>'))),
      ends: 'succeeded',
    },
    { name: 'text-that-blows-up.png', bytes: withChunk(png, 'zTXt', blownUp('Comment\0\0')), ends: 'succeeded' },
    { name: 'profile-that-blows-up.png', bytes: withChunk(png, 'iCCP', blownUp('sRGB\0\0')), ends: 'succeeded' },
    { name: 'thousands-of-chunks.png', bytes: withChunk(png, 'tEXt', Buffer.from('a\0b'), 20_000), ends: 'succeeded' },
    { name: 'directories-in-a-circle.tiff', bytes: inACircle(tiff), ends: 'succeeded' },
    { name: 'directory-outside-the-file.tiff', bytes: withFirstDirectory(tiff, 0xffff_fff0), ends: 'ImageUnreadable' },
    { name: `${FRAMES}-frames.gif`, bytes: await animated(seed, 'gif'), ends: 'succeeded' },
    { name: `${FRAMES}-frames.webp`, bytes: await animated(seed, 'webp'), ends: 'succeeded' },
    { name: `${FRAMES}-frames.png`, bytes: withFrames(png), ends: 'succeeded' },
  ];
}

/** The segment so many times right behind the start of the picture. */
function withSegments(jpeg: Buffer, count: number, bytes: Buffer): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...Array.from({ length: count }, () => bytes), jpeg.subarray(2)]);
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

function exifSegment(sizeBytes: number): Buffer {
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0II*\0\x08\0\0\0', 'latin1'), Buffer.alloc(sizeBytes, 1)]));
}

/** A directory with one entry whose sub-directory, and whose next directory, are itself. */
function circularExif(): Buffer {
  const tiff = Buffer.alloc(8 + 2 + 12 + 4);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x87_69, 10);
  tiff.writeUInt16LE(4, 12);
  tiff.writeUInt32LE(1, 14);
  tiff.writeUInt32LE(8, 18);
  tiff.writeUInt32LE(8, 22);
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]));
}

/** A directory of 65,535 entries, each claiming four billion values. */
function endlessExif(): Buffer {
  const tiff = Buffer.alloc(60_000, 0xff);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]));
}

function withChunk(png: Buffer, type: string, content: Buffer, count = 1): Buffer {
  const headEnd = 33;
  const bytes = chunk(type, content);
  return Buffer.concat([
    png.subarray(0, headEnd),
    ...Array.from({ length: count }, () => bytes),
    png.subarray(headEnd),
  ]);
}

/** 100 KB that unpack to 100 MB. */
function blownUp(head: string): Buffer {
  return Buffer.concat([Buffer.from(head, 'latin1'), deflateSync(Buffer.alloc(100_000_000))]);
}

/** Points from the first directory to itself as the next one. */
function inACircle(tiff: Buffer): Buffer {
  const bytes = Buffer.from(tiff);
  const first = bytes.readUInt32LE(4);
  bytes.writeUInt32LE(first, first + 2 + bytes.readUInt16LE(first) * 12);
  return bytes;
}

function withFirstDirectory(tiff: Buffer, offset: number): Buffer {
  const bytes = Buffer.from(tiff);
  bytes.writeUInt32LE(offset, 4);
  return bytes;
}

async function animated(seed: number, format: 'gif' | 'webp'): Promise<Buffer> {
  const side = 8;
  const { data } = await noise(side, side * FRAMES, seed)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const frames = sharp(data, { raw: { width: side, height: side * FRAMES, channels: 3, pageHeight: side } });
  return format === 'gif'
    ? frames.gif({ effort: 1 }).toBuffer()
    : frames.webp({ effort: 0, lossless: true }).toBuffer();
}

/** An animated PNG: its own picture, then thousands of frames. */
function withFrames(png: Buffer): Buffer {
  const control = Buffer.alloc(8);
  control.writeUInt32BE(FRAMES, 0);
  const frames = Array.from({ length: FRAMES }, (_, index) => {
    const frame = Buffer.alloc(26);
    frame.writeUInt32BE(index * 2, 0);
    frame.writeUInt32BE(1, 4);
    frame.writeUInt32BE(1, 8);
    const sequence = Buffer.alloc(4);
    sequence.writeUInt32BE(index * 2 + 1);
    return [chunk('fcTL', frame), chunk('fdAT', Buffer.concat([sequence, deflateSync(Buffer.alloc(4))]))];
  }).flat();
  const end = png.length - 12;
  const withControl = withChunk(png.subarray(0, end), 'acTL', control);
  return Buffer.concat([withControl, ...frames, png.subarray(end)]);
}

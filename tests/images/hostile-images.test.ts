import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../images/decode-image.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import type { ImageLimits } from '../../images/ports.ts';
import { seededRandom } from '../support/seed.ts';
import { disguisedFiles } from './hostile/disguised-files.ts';
import { malformedFiles } from './hostile/malformed-files.ts';
import { truncatedFiles } from './hostile/truncated-files.ts';
import { loadFromDisk } from './load-from-disk.ts';
import { FORMATS, encode, heicHead, noise } from './sample-images.ts';

const LIMITS = { maxBytes: 1_000_000, maxPixels: 1_000_000 };
const EXPECTED = ['succeeded', 'ImageUnreadable', 'ImageTooLarge', 'ImageUnsupported'];

async function endOf(path: string, bytes: Uint8Array, limits: Partial<ImageLimits> = LIMITS): Promise<string> {
  await writeFile(path, bytes);
  const loaded = await loadFromDisk(path, limits);
  if (!loaded.ok) return loaded.failure.name;
  const decoded = await decodeImage(loaded.value, { maxSidePx: 64 });
  return decoded.ok ? 'succeeded' : decoded.failure.name;
}

async function samples(): Promise<readonly Buffer[]> {
  const exif = { IFD0: { Make: 'x'.repeat(500) }, IFD3: { GPSLatitude: '1/1 2/1 3/1', GPSLatitudeRef: 'N' } };
  const plain = await Promise.all(FORMATS.map((format) => encode(noise(40, 30), format)));
  return [...plain, await noise(40, 30).withExif(exif).jpeg().toBuffer(), heicHead()];
}

describe('hostile images', () => {
  it.each([
    ['cut off', truncatedFiles],
    ['disguised', disguisedFiles],
    ['malformed', malformedFiles],
  ])('that are %s end under their name', async (_, make) => {
    await using folder = await temporaryFolder('sightline-hostile-');
    const files = await make(seededRandom(20_261_121));
    const ends: [string, string][] = [];
    for (const { name, bytes } of files) ends.push([name, await endOf(join(folder.path, name), bytes, {})]);
    expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(files.map(({ name, ends: end }) => [name, end])));
  });

  it('end as a named failure or as pixels, whatever bytes are changed, removed or added', async () => {
    await using folder = await temporaryFolder('sightline-hostile-');
    const path = join(folder.path, 'a.jpg');
    const originals = await samples();
    const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), value: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(originals.length - 1),
        fc.array(edit, { maxLength: 12 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.uint8Array({ maxLength: 40 }),
        async (index, edits, keep, tail) => {
          const bytes = Buffer.from(originals[index] ?? []);
          // Headers break in more ways than pixels: half of the edits go into the first 200 bytes.
          for (const [number, { at, value }] of edits.entries()) {
            bytes[Math.floor(at * (number % 2 === 0 ? 199 : bytes.length - 1))] = value;
          }
          const cut = bytes.subarray(0, Math.ceil(bytes.length * keep));
          expect(EXPECTED).toContain(await endOf(path, Buffer.concat([cut, tail])));
        },
      ),
      { seed: 20_261_121, numRuns: 400 },
    );
  }, 60_000);

  it('are judged by their first bytes when they are two things at once', async () => {
    await using folder = await temporaryFolder('sightline-hostile-');
    const path = join(folder.path, 'a.jpg');
    const jpeg = await encode(noise(40, 30), 'jpeg');
    const png = await encode(noise(40, 30), 'png');
    expect(await endOf(path, Buffer.concat([jpeg, png]))).toBe('succeeded');
    expect(await endOf(path, Buffer.concat([jpeg, Buffer.from('PK\x03\x04<?php evil() ?><script>')]))).toBe(
      'succeeded',
    );
    expect(await endOf(path, Buffer.concat([Buffer.from('<svg><!--'), jpeg]))).toBe('ImageUnsupported');
    expect(await endOf(path, Buffer.concat([Buffer.from('%PDF-1.4\n'), jpeg]))).toBe('ImageUnsupported');
    expect(await endOf(path, Buffer.concat([jpeg.subarray(0, 20), png]))).toBe('ImageUnreadable');
    expect(await endOf(path, Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(900_000, 0xff)]))).toBe(
      'ImageUnreadable',
    );
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const SIDES_PX = { width: 4000, height: 3000 } as const;

/** Writes `count` JPEGs of 12 megapixels with place and time in their EXIF; equal for equal numbers. Returns their paths. */
export async function drawPhotos(dir: string, count: number): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const path = join(dir, `photo-${index}.jpg`);
    await writeFile(path, await drawPhoto(index + 1));
    paths.push(path);
  }
  return paths;
}

/** Shapes of every size with a little grain: about as large as a telephone's photo of a street. */
async function drawPhoto(seed: number): Promise<Buffer> {
  const { width, height } = SIDES_PX;
  const next = numbers(seed);
  const coarse = await blow(next, 16, 12);
  const middle = await blow(next, 200, 150);
  const fine = await blow(next, 2000, 1500);
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < pixels.length; at += 1) {
    pixels[at] = 0.6 * (coarse[at] ?? 0) + 0.25 * (middle[at] ?? 0) + 0.15 * (fine[at] ?? 0);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .withExif({
      IFD2: { DateTimeOriginal: '2026:05:04 10:20:30', OffsetTimeOriginal: '+02:00' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '52/1 31/1 12/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '13/1 24/1 18/1',
      },
    })
    .jpeg({ quality: 88 })
    .toBuffer();
}

/** Random colours on a grid, enlarged to the whole picture. */
async function blow(next: () => number, columns: number, rows: number): Promise<Uint8Array> {
  const grid = Uint8Array.from({ length: columns * rows * 3 }, next);
  return sharp(grid, { raw: { width: columns, height: rows, channels: 3 } })
    .resize(SIDES_PX.width, SIDES_PX.height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
}

/** Bytes that depend on the seed alone. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
}

import sharp from 'sharp';
import { pick, seededRandom } from '../seeded-random.ts';

const DISTINCT = 12;
const WIDTH = 160;
const HEIGHT = 120;
/** Over the 30 MB that images may have. */
const HUGE_BYTES = 31 * 1024 * 1024;
const COLOURS = ['#b33', '#3b6', '#36b', '#aa3', '#777', '#e80'];

/** A few small JPEGs of something that stands before a sky. */
export async function makeStreetImages(seed: string): Promise<readonly Buffer[]> {
  return Promise.all(Array.from({ length: DISTINCT }, (_, number) => sharp(drawing(seed, number)).jpeg().toBuffer()));
}

/** A picture as PNG. */
export function makePng(seed: string): Promise<Buffer> {
  return sharp(drawing(seed, DISTINCT)).png().toBuffer();
}

/** A JPEG of more than 30 MB: whatever follows the end of the picture is ignored by those who read it. */
export function makeHuge(image: Buffer): Buffer {
  return Buffer.concat([image, Buffer.alloc(HUGE_BYTES)]);
}

function drawing(seed: string, number: number): Buffer {
  const random = seededRandom(seed, 'image', number);
  const left = Math.round(20 + random() * 100);
  const shape =
    number % 2 === 0
      ? `<rect x="${left}" y="10" width="8" height="105" fill="${pick(random, COLOURS)}"/>`
      : `<circle cx="${left}" cy="50" r="28" fill="${pick(random, COLOURS)}" stroke="white" stroke-width="5"/>`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="70%" fill="#9cf"/><rect y="70%" width="100%" height="30%" fill="#686"/>${shape}</svg>`,
  );
}

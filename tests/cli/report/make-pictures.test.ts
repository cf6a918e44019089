import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePictures, type PictureLimits } from '../../../cli/report/make-pictures.ts';
import { DEFAULT_IMAGE_LIMITS } from '../../../config/image-limits.ts';

let dir: string;
const LIMITS: PictureLimits = { perAsset: 2, longestSidePx: 100, totalBytes: 100_000, image: DEFAULT_IMAGE_LIMITS };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sightline-pictures-'));
  const picture = sharp({ create: { width: 640, height: 320, channels: 3, background: '#336699' } });
  await picture.clone().jpeg().toFile(join(dir, 'a.jpg'));
  await picture.clone().png().toFile(join(dir, 'b.png'));
  await writeFile(join(dir, 'text.jpg'), 'not a picture');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function row(names: readonly string[], digests: readonly (string | null)[] | null = null) {
  return { image_uris: names.map((name) => (name.includes(':') ? name : join(dir, name))), image_digests: digests };
}

async function only(uri: string, limits: Partial<PictureLimits> = {}) {
  return (await makePictures([row([uri])], { ...LIMITS, ...limits }))[0]?.[0];
}

test('a picture is scaled down and goes into the page as data', async () => {
  const picture = await only('a.jpg');
  if (picture?.kind !== 'shown') throw new Error('no picture');
  expect(picture).toMatchObject({ name: 'a.jpg', widthPx: 100, heightPx: 50, hasChanged: false });
  const [head = '', data = ''] = picture.dataUri.split(',');
  expect(head).toBe('data:image/webp;base64');
  expect(await sharp(Buffer.from(data, 'base64')).metadata()).toMatchObject({ format: 'webp', width: 100, height: 50 });
});

test('the first images of an asset in their order, no more than asked for', async () => {
  const [pictures = []] = await makePictures([row(['b.png', 'a.jpg', 'b.png'])], LIMITS);
  expect(pictures.map(({ name }) => name)).toEqual(['b.png', 'a.jpg']);
  expect(await makePictures([row([])], LIMITS)).toEqual([[]]);
});

test.each([
  ['gone.jpg', 'The image does not exist.'],
  ['text.jpg', 'The file is not an image, is empty, or is damaged.'],
  ['https://images.example/pole.jpg?size=1#x', 'It is not on this machine, and a report fetches nothing.'],
  ['gs://bucket/pole.jpg', 'It is not on this machine, and a report fetches nothing.'],
])('%s is not shown, and says why', async (uri, why) => {
  const name = uri.includes(':') ? 'pole.jpg' : uri;
  expect(await only(uri)).toEqual({ kind: 'absent', name, why });
});

test('an image over the limits of the run is not decoded', async () => {
  const image = { ...DEFAULT_IMAGE_LIMITS, maxPixels: 1_000 };
  expect(await only('a.jpg', { image })).toMatchObject({
    kind: 'absent',
    why: 'The image has too many bytes or pixels.',
  });
});

test('when the page is full, later pictures say so', async () => {
  const [first] = await makePictures([row(['a.jpg'])], LIMITS);
  const sizeBytes =
    first?.[0]?.kind === 'shown' ? Buffer.from(first[0].dataUri.split(',')[1] ?? '', 'base64').length : 0;
  const made = await makePictures([row(['a.jpg']), row(['a.jpg'])], { ...LIMITS, totalBytes: sizeBytes });
  const kinds = made.flat().map(({ kind }) => kind);
  expect(kinds.toSorted()).toEqual(['absent', 'shown']);
});

test('a file that is not the one that was analysed is marked', async () => {
  const [pictures = []] = await makePictures([row(['a.jpg', 'b.png'], ['00', null])], LIMITS);
  expect(pictures).toMatchObject([{ hasChanged: true }, { hasChanged: false }]);
});

import pLimit from 'p-limit';
import { DEFAULT_IMAGE_LIMITS } from '../config/image-limits.ts';
import { SETTINGS } from '../config/settings.ts';
import { decodeImage } from '../images/decode-image.ts';
import { openGoogle } from '../google/open-google.ts';
import { createImageDesks, type ImageDesks } from '../images/image-desks.ts';
import { compare } from './measure.ts';
import type { Benchmark } from './measurement.ts';
import { drawPhotos } from './image/draw-photos.ts';
import { lookPlainly } from './image/look-plainly.ts';

const MAX_SIDE_PX = 1536;
/** At once, as in the lane `local`. */
const CONCURRENCY = SETTINGS.localSlots.default;

/** What the checks around an image cost. */
export const image: Benchmark = {
  name: 'image',
  title: 'The image step against plain sharp',
  method: `Photos of 12 megapixels (4000 x 3000, drawn from fixed numbers) are read, recognised, checked, hashed (SHA-256), their
EXIF place and time read, and decoded to at most 1536 px, ${CONCURRENCY} at once; against the same with sharp, exifr and Node alone
(\`benchmarks/image/look-plainly.ts\`), without limits, checks and named failures. Rounds over all photos alternate, after
one of each to warm up.`,
  bars: [{ measurement: 'image/throughput', of: 'ratio', atLeast: 0.9 }],
  async run(options) {
    const photos = await drawPhotos(options.dir, options.quick ? 4 : 16);
    await using desks = createImageDesks({
      bytesInFlight: SETTINGS.imageBytesInFlight.default,
      fetchTimeoutMs: SETTINGS.fetchTimeoutMs.default,
      allowPrivateAddresses: SETTINGS.allowPrivateAddresses.default,
      openStorage: openGoogle().storage,
      userAgent: 'benchmark',
    });
    const rounds = options.quick ? 2 : 9;
    const ours: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const first = round % 2 === 0 ? await photosPerSecond(photos, (path) => look(desks, path)) : undefined;
      const theirs = await photosPerSecond(photos, (path) => lookPlainly(path, MAX_SIDE_PX));
      const own = first ?? (await photosPerSecond(photos, (path) => look(desks, path)));
      options.say(`round ${round}: ${own.toFixed(1)} photos/s, plain ${theirs.toFixed(1)} photos/s`);
      if (round === 0) continue;
      ours.push(own);
      plain.push(theirs);
    }
    return [compare('image/throughput', 'photos/s', ours, plain)];
  },
};

async function photosPerSecond(photos: readonly string[], body: (path: string) => Promise<void>): Promise<number> {
  const limit = pLimit(CONCURRENCY);
  const startedMs = performance.now();
  await Promise.all(photos.map((path) => limit(() => body(path))));
  return (photos.length * 1000) / (performance.now() - startedMs);
}

async function look(desks: ImageDesks, path: string): Promise<void> {
  using desk = desks.open({ limits: DEFAULT_IMAGE_LIMITS, changes: {}, signal: new AbortController().signal });
  const loaded = await desk.load({ uri: path });
  if (!loaded.ok) throw new Error(loaded.failure.message);
  if (!loaded.value.location || !loaded.value.capturedAt) throw new Error(`${path} has lost its place or time`);
  const decoded = await decodeImage(loaded.value, { maxSidePx: MAX_SIDE_PX });
  if (!decoded.ok) throw new Error(decoded.failure.message);
}

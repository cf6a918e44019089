import { encode, FORMATS, noise } from '../sample-images.ts';
import type { HostileFile } from './hostile-file.ts';

const KILOBYTE = 1024;

/** A picture in each format, cut off at every kilobyte: never half a picture, always unreadable. */
export async function truncatedFiles(random: () => number): Promise<readonly HostileFile[]> {
  const picture = noise(120, 90, Math.floor(random() * 1e9));
  const cuts = await Promise.all(
    FORMATS.map(async (format) => {
      const bytes = await encode(picture.clone(), format);
      const count = Math.ceil(bytes.length / KILOBYTE) - 1;
      return Array.from({ length: count }, (_, index): HostileFile => {
        const kilobytes = index + 1;
        return {
          name: `cut-at-${kilobytes}-kb.${format}`,
          bytes: bytes.subarray(0, kilobytes * KILOBYTE),
          ends: 'ImageUnreadable',
        };
      });
    }),
  );
  return cuts.flat();
}

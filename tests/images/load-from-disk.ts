import { DEFAULT_IMAGE_LIMITS } from '../../config/image-limits.ts';
import { loadImage } from '../../images/load-image.ts';
import type { ByteClaim, ImageLimits, LoadResult } from '../../images/ports.ts';
import { readFromDisk } from '../../images/read-image.ts';

/** Room for any number of bytes. */
export const UNBOUNDED: ByteClaim = { reserve: async () => undefined, resize: () => undefined };

/** Loads one file outside any desk. */
export function loadFromDisk(uri: string, limits: Partial<ImageLimits> = {}): Promise<LoadResult> {
  return loadImage(
    { uri },
    {
      read: readFromDisk,
      limits: { ...DEFAULT_IMAGE_LIMITS, ...limits },
      signal: new AbortController().signal,
      claim: UNBOUNDED,
    },
  );
}

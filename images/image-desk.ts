import type { ImageRef } from '../contracts/asset.ts';
import type { Result } from '../contracts/failures.ts';
import type { Observed } from '../contracts/outcome.ts';
import { loadImage } from './load-image.ts';
import type { ImageLimits, LoadedImage } from './ports.ts';

export interface ImageDesk {
  /** Reads an image once, however often it is asked for. */
  load(image: ImageRef): Promise<Result<LoadedImage>>;
  /** What was seen in the images that were read; undefined when none was. */
  observed(images: readonly ImageRef[]): Observed | undefined;
}

/** The images of one asset during one call. */
export function createImageDesk(limits: ImageLimits): ImageDesk {
  const loading = new Map<string, Promise<Result<LoadedImage>>>();
  const loaded = new Map<string, LoadedImage>();
  return {
    load(image) {
      const known = loading.get(image.uri);
      if (known) return known;
      const started = loadImage(image, limits).then((result) => {
        if (result.ok) loaded.set(image.uri, result.value);
        return result;
      });
      loading.set(image.uri, started);
      return started;
    },
    observed(images) {
      if (loaded.size === 0) return undefined;
      const seen = images.map((image) => loaded.get(image.uri));
      const location = seen.find((image) => image?.location)?.location;
      const capturedAt = seen.find((image) => image?.capturedAt)?.capturedAt;
      return {
        imageDigests: seen.map((image) => image?.sha256 ?? null),
        ...(location ? { location } : {}),
        ...(capturedAt ? { capturedAt } : {}),
      };
    },
  };
}

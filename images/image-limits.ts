import type { ImageLimits } from './ports.ts';

/** Limits of a run that names none: 30 MB and 100 million pixels. */
export const DEFAULT_IMAGE_LIMITS: ImageLimits = { maxBytes: 30_000_000, maxPixels: 100_000_000 };

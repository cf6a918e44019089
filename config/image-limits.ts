import type { ImageLimits } from '../images/ports.ts';
import { SETTINGS, type Settings } from './settings.ts';

/** Limits of images where nobody has set others. */
export const DEFAULT_IMAGE_LIMITS: ImageLimits = {
  maxBytes: SETTINGS.imageMaxBytes.default,
  maxPixels: SETTINGS.imageMaxPixels.default,
};

/** The limits of images that the settings say. */
export function imageLimitsOf({
  imageMaxBytes,
  imageMaxPixels,
}: Pick<Settings, 'imageMaxBytes' | 'imageMaxPixels'>): ImageLimits {
  return { maxBytes: imageMaxBytes, maxPixels: imageMaxPixels };
}

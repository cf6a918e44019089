import type { Settings } from '../config/settings.ts';
import type { Google } from '../google/open-google.ts';
import { createImageDesks, type ImageDesks } from '../images/image-desks.ts';
import packageJson from '../package.json' with { type: 'json' };

/** The desks for images of this process, as its settings want them. */
export function openImageDesks(settings: Settings, google: Google): ImageDesks {
  return createImageDesks({
    bytesInFlight: settings.imageBytesInFlight,
    allowPrivateAddresses: settings.allowPrivateAddresses,
    fetchTimeoutMs: settings.fetchTimeoutMs,
    openStorage: google.storage,
    userAgent: `Sightline/${packageJson.version}`,
  });
}

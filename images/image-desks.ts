import { createByteBudget } from './byte-budget.ts';
import { createImageFetcher, type FetcherOptions } from './fetch-image.ts';
import { createImageDesk, type DeskOptions, type ImageDesk } from './image-desk.ts';
import { parseAllowedAddresses } from './judge-address.ts';
import { createImageReader } from './read-image.ts';
import { createObjectReader, type ObjectReaderOptions } from './read-object.ts';

/** What all calls of a process share: connections to the servers of images, and the room for their bytes. */
export interface ImageDesks extends AsyncDisposable {
  /** A desk for the images of one asset during one call. */
  open(call: Omit<DeskOptions, 'read' | 'look' | 'budget'>): ImageDesk;
}

export interface ImageDesksOptions extends Omit<FetcherOptions, 'allowed' | 'timeoutMs'> {
  /** Bytes of images that are held at once. */
  readonly bytesInFlight: number;
  /** Hosts and ranges that may be fetched from although they are not public, separated by commas. */
  readonly allowPrivateAddresses: string;
  readonly fetchTimeoutMs: number;
  /** The client of Cloud Storage. */
  readonly openStorage: ObjectReaderOptions['open'];
}

export function createImageDesks(options: ImageDesksOptions): ImageDesks {
  const { bytesInFlight, allowPrivateAddresses, fetchTimeoutMs: timeoutMs, userAgent, openStorage: open } = options;
  const fetcher = createImageFetcher({ allowed: parseAllowedAddresses(allowPrivateAddresses), timeoutMs, userAgent });
  const budget = createByteBudget(bytesInFlight);
  const objects = createObjectReader({ open, timeoutMs });
  const read = createImageReader({ fetcher, readObject: objects.read });
  return {
    open: (call) => createImageDesk({ ...call, read, look: objects.look, budget }),
    [Symbol.asyncDispose]: () => fetcher.close(),
  };
}

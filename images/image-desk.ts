import type { ImageRef } from '../contracts/asset.ts';
import type { Observed } from '../contracts/outcome.ts';
import type { ByteBudget, ByteShare } from './byte-budget.ts';
import { changePicture } from './change-picture.ts';
import { loadImage } from './load-image.ts';
import type { PictureChanges } from './picture-changes.ts';
import type { ImageLimits, LoadedImage, LoadResult, LookAtImage, LookResult, ReadImage } from './ports.ts';

/** Disposing of it calls off what is being read, and gives back the room of all images. */
export interface ImageDesk extends Disposable {
  /** Reads an image once, however often it is asked for, and changes it as the analyzer wants it. */
  load(image: ImageRef): Promise<LoadResult>;
  /** Looks at an image at `gs://` that somebody else will read. */
  look(image: ImageRef): Promise<LookResult>;
  /** What was seen in the images that were read or looked at; undefined when none was. */
  observed(images: readonly ImageRef[]): Observed | undefined;
}

export interface DeskOptions {
  readonly read: ReadImage;
  readonly look: LookAtImage;
  readonly budget: ByteBudget;
  readonly limits: ImageLimits;
  readonly changes: PictureChanges;
  readonly signal: AbortSignal;
}

/** The images of one asset during one call. */
export function createImageDesk({ read, look, budget, limits, changes, signal: wanted }: DeskOptions): ImageDesk {
  // Opened for the first image: a call that reads none, as those of `noop`, shall not cost as much as one that does.
  let reading: Reading | undefined;
  let isClosed = false;
  const loading = new Map<string, Promise<LoadResult>>();
  const found = new Map<string, FoundImage>();
  const lookedAt = new Map<string, string | undefined>();
  return {
    load(image) {
      const known = loading.get(image.uri);
      if (known) return known;
      const started = load(image);
      // An analyzer that has ended does not wait for what it asked for.
      started.catch(() => undefined);
      loading.set(image.uri, started);
      return started;
    },
    async look({ uri }) {
      const { signal } = openedReading();
      const looked = await look(uri, { maxBytes: limits.maxBytes, signal });
      if (looked.ok) lookedAt.set(uri, looked.value.digest);
      return looked;
    },
    observed(images) {
      if (found.size === 0 && lookedAt.size === 0) return undefined;
      const seen = images.map((image) => found.get(image.uri));
      const location = seen.find((image) => image?.location)?.location;
      const capturedAt = seen.find((image) => image?.capturedAt)?.capturedAt;
      return {
        imageDigests: images.map(({ uri }) => found.get(uri)?.sha256 ?? lookedAt.get(uri) ?? null),
        ...(location ? { location } : {}),
        ...(capturedAt ? { capturedAt } : {}),
      };
    },
    [Symbol.dispose]() {
      isClosed = true;
      reading?.close();
    },
  };

  async function load(image: ImageRef): Promise<LoadResult> {
    const { share, signal } = openedReading();
    const claim = share.claim();
    const loaded = await loadImage(image, { read, limits, signal, claim });
    if (loaded.ok) found.set(image.uri, factsOf(loaded.value));
    const result = loaded.ok ? await changePicture(loaded.value, changes) : loaded;
    claim.resize(result.ok ? result.value.bytes.length : 0);
    return result;
  }

  function openedReading(): Reading {
    if (reading) return reading;
    reading = openReading(budget, wanted);
    if (isClosed) reading.close();
    return reading;
  }
}

interface Reading {
  readonly share: ByteShare;
  readonly signal: AbortSignal;
  close(): void;
}

function openReading(budget: ByteBudget, wanted: AbortSignal): Reading {
  const closing = new AbortController();
  const signal = AbortSignal.any([wanted, closing.signal]);
  const share = budget.open(signal);
  return {
    share,
    signal,
    close() {
      closing.abort(new Error('the call has ended'));
      share.close();
    },
  };
}

/** What is remembered of an image as it was found, without its bytes. */
type FoundImage = Pick<LoadedImage, 'sha256' | 'location' | 'capturedAt'>;

function factsOf({ sha256, location, capturedAt }: LoadedImage): FoundImage {
  return { sha256, ...(location && { location }), ...(capturedAt && { capturedAt }) };
}

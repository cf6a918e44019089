import type { Location } from '../contracts/asset.ts';
import type { failed, Result } from '../contracts/failures.ts';

/** Limits on what is decoded. */
export interface ImageLimits {
  /** Largest file, in bytes. Default 30 MB, 1 KB to 1 GB. */
  readonly maxBytes: number;
  /** Largest picture, in pixels (width x height), checked before decoding. Default 100 million, up to 1 billion. */
  readonly maxPixels: number;
}

/** The bytes that one image may hold in memory, out of those of all images of the process. */
export interface ByteClaim {
  /** Waits until there is room for so many bytes. */
  reserve(sizeBytes: number): Promise<void>;
  /** Corrects a reservation when the size is known; growing never waits. */
  resize(sizeBytes: number): void;
}

export interface ReadOptions {
  readonly maxBytes: number;
  /** Aborts when the image is no longer wanted. */
  readonly signal: AbortSignal;
  readonly claim: ByteClaim;
  /** Of an object of Cloud Storage: this one and no other. Default: the newest. */
  readonly generation?: string;
}

/** How long to wait before an image is tried again, in ms; a failed fetch costs nothing. */
export interface ReadRetry {
  readonly waitMs: number;
  readonly unpaid: true;
}

export type ReadFailure = ReturnType<typeof failed> & { readonly retry?: ReadRetry };
export type ReadResult = Result<Buffer> & { readonly retry?: ReadRetry };
export type LoadResult = Result<LoadedImage> & { readonly retry?: ReadRetry };

/** Gets the bytes of an image by its URI, after reserving room for them. */
export type ReadImage = (uri: string, options: ReadOptions) => Promise<ReadResult>;

/** What a bucket says of an image, which was not read. */
export interface ImageFacts {
  /** As whoever put it there named it; empty when nobody did. */
  readonly contentType: string;
  /** Compression of the bytes as they are stored; empty when there is none. */
  readonly contentEncoding: string;
  readonly sizeBytes: number;
  /** Which of the objects that had this name it is. */
  readonly generation: string | undefined;
  /** `md5:` or `crc32c:`, and hex. */
  readonly digest: string | undefined;
}

export type LookResult = Result<ImageFacts> & { readonly retry?: ReadRetry };

/** Looks at the newest image of a name at `gs://` without reading it: what is empty, too large or no image is a failure. */
export type LookAtImage = (uri: string, options: Pick<ReadOptions, 'maxBytes' | 'signal'>) => Promise<LookResult>;

/** An image that was read and recognised, but not decoded. */
export interface LoadedImage {
  readonly uri: string;
  readonly bytes: Uint8Array;
  /** Recognised from the bytes, never from the name: `image/jpeg`, `image/png`, `image/webp`, ... */
  readonly mimeType: string;
  /** As seen upright: EXIF orientation is applied. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** SHA-256 of the image as it was found, hex: also when `bytes` were scaled down or written anew. */
  readonly sha256: string;
  readonly location?: Location;
  /** ISO 8601, from EXIF. */
  readonly capturedAt?: string;
}

/** Decoded pixels, upright, scaled to fit. */
export interface DecodedImage {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 8-bit samples, `channels` per pixel. */
  readonly pixels: Uint8Array;
  readonly channels: 1 | 3;
}

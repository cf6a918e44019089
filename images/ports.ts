import type { Location } from '../contracts/asset.ts';

/** Limits on what is decoded. */
export interface ImageLimits {
  /** Largest file, in bytes. Default 30 MB, 1 KB to 1 GB. */
  readonly maxBytes: number;
  /** Largest picture, in pixels (width x height), checked before decoding. Default 100 million, up to 1 billion. */
  readonly maxPixels: number;
}

/** An image that was read and recognised, but not decoded. */
export interface LoadedImage {
  readonly uri: string;
  readonly bytes: Uint8Array;
  /** Recognised from the bytes, never from the name: `image/jpeg`, `image/png`, `image/webp`, ... */
  readonly mimeType: string;
  /** As seen upright: EXIF orientation is applied. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** SHA-256 of `bytes`, hex. */
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

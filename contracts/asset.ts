/** A value of an attribute that is carried from the source to the row. */
export type AttributeValue = string | number | boolean | null;

export interface Location {
  /** Degrees north, -90 to 90. */
  readonly latitude: number;
  /** Degrees east, -180 to 180. */
  readonly longitude: number;
}

/** One picture of an asset, by reference. */
export interface ImageRef {
  /** An absolute path of a file, an `http(s)://` address, or a `gs://` address. */
  readonly uri: string;
  readonly observationId?: string;
  /** ISO 8601. */
  readonly capturedAt?: string;
  /** Of an object of Cloud Storage: read this one, not what has replaced it. */
  readonly generation?: string;
}

/** Whether a text is an address with a scheme, such as `https://...`, and not a path. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

/** One thing to analyse, as a source yields it. `assetId` is unique in its source and at most 500 characters. */
export interface Asset {
  readonly assetId: string;
  readonly images: readonly ImageRef[];
  readonly location?: Location;
  /** ISO 8601. */
  readonly detectionTime?: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** An asset with its place in the manifest: row numbers run from 0 to n-1. */
export interface AssetRef extends Asset {
  readonly row: number;
}

/** Row numbers `[start, end)`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

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
  /** An absolute path of a file, or later an `http(s)://` or `gs://` address. */
  readonly uri: string;
  readonly observationId?: string;
  /** ISO 8601. */
  readonly capturedAt?: string;
  readonly generation?: string;
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

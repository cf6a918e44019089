import type { StreetEntry } from './make-street-table.ts';
import type { Oddity } from './oddities.ts';
import type { Observation } from './street-rows.ts';

export interface ReadableAsset {
  /** Those with an image in Cloud Storage, newest first. */
  readonly observations: readonly Observation[];
  /** Addresses of the images that can be looked at: in the bucket, and not too large. */
  readonly images: readonly string[];
}

/** Images that are taken of an asset unless somebody says otherwise. */
const MOST_IMAGES = 10;

/** What is odd about the newest image so that nobody can look at it. */
const UNUSABLE: ReadonlySet<Oddity | undefined> = new Set(['missing-object', 'huge-image'] as const);

/**
 * What whoever reads the newest snapshot in full gets: every asset with an image in Cloud Storage, by its id. Found out from what
 * was made and without a query, so that a query can be held against it.
 */
export function readableAssets(entries: Iterable<StreetEntry>): ReadonlyMap<string, ReadableAsset> {
  const assets = new Map<string, ReadableAsset>();
  for (const { asset, latest, oddity } of entries) {
    const inCloud = latest.filter(({ gcs_uri: uri }) => uri?.startsWith('gs://'));
    const once = [...new Map(inCloud.map((row) => [row.observation_id, row])).values()];
    const newestFirst = once.toSorted((a, b) => b.capture_time.localeCompare(a.capture_time)).slice(0, MOST_IMAGES);
    const uris = newestFirst.map(({ gcs_uri: uri }) => uri ?? '');
    const images = UNUSABLE.has(oddity) ? uris.slice(1) : uris;
    if (newestFirst.length > 0) assets.set(asset.asset_id, { observations: newestFirst, images });
  }
  return assets;
}

import type { Observation } from './street-rows.ts';
import type { StreetAsset } from './make-street-asset.ts';

/** What is odd about an asset; each kind is in every table of at least 10 assets. */
export const ODDITIES = [
  /** Ten images. */
  'ten-images',
  /** The row of its newest observation is there twice. */
  'repeated-row',
  /** Its newest observation names no image. */
  'no-uri',
  /** Its newest observation names an image outside Cloud Storage. */
  'foreign-uri',
  /** Its newest image is not in the bucket. */
  'missing-object',
  /** Its newest image is larger than 30 MB. */
  'huge-image',
  /** Its newest image is a PNG, though its name ends in .jpg. */
  'png-as-jpg',
  /** Its location has other last digits in the older snapshot. */
  'moved-location',
] as const;
export type Oddity = (typeof ODDITIES)[number];

/** Once in a table of any size: ten images are rare, and so large an image takes its time. */
const ONLY_ONCE: readonly Oddity[] = ['ten-images', 'huge-image'];
const EVERY = 100;
const NUDGE_DEGREES = 0.000_000_3;

/** What is odd about the asset of this number, from 0; six of a hundred have something. */
export function oddityOf(number: number): Oddity | undefined {
  const oddity = ODDITIES[(number % EVERY) - 1];
  return oddity !== undefined && ONLY_ONCE.includes(oddity) && number >= EVERY ? undefined : oddity;
}

/** The rows of an asset as they stand in the table of observations. */
export function withOddity({ observations }: StreetAsset, oddity: Oddity | undefined): readonly Observation[] {
  const newest = observations.at(-1);
  if (newest === undefined) return observations;
  const others = observations.slice(0, -1);
  if (oddity === 'repeated-row') return [...observations, newest];
  if (oddity === 'no-uri') return [...others, { ...newest, gcs_uri: null }];
  if (oddity === 'foreign-uri') return [...others, { ...newest, gcs_uri: 'https://images.example/elsewhere.jpg' }];
  return observations;
}

/** The rows of an older snapshot, which has the asset too. */
export function inOlderSnapshot(
  rows: readonly Observation[],
  snapshotId: string,
  oddity: Oddity | undefined,
): readonly Observation[] {
  return rows.map((row) => ({
    ...row,
    snapshot_id: snapshotId,
    gcs_uri: row.gcs_uri?.replace(row.snapshot_id, snapshotId) ?? null,
    ...(oddity === 'moved-location' && {
      location: { ...row.location, latitude: Number((row.location.latitude + NUDGE_DEGREES).toFixed(7)) },
    }),
  }));
}

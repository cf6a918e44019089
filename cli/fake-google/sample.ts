const PROJECT = 'sightline-sample';

/** What `dev --fake-google` has to work on. */
export const SAMPLE = {
  project: PROJECT,
  /** Dataset for results and records. */
  results: 'results',
  store: `bq://${PROJECT}.results`,
  /** A folder an asset. */
  photosBucket: `${PROJECT}-photos`,
  photoAssets: 18,
  photosPerAsset: 2,
  /** Dataset with the tables of street imagery, and the bucket that their rows name. */
  street: 'street',
  streetBucket: `${PROJECT}-street`,
  streetAssets: 200,
} as const;

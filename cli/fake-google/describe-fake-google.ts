import { STREET_TABLES } from '../../fake-google/street-assets/load-street-assets.ts';
import type { FakeGoogle } from './open-fake-google.ts';
import { SAMPLE } from './sample.ts';

const PHOTOS = `gs://${SAMPLE.photosBucket}`;
const TABLE = `bq://${SAMPLE.project}.${SAMPLE.street}.${STREET_TABLES.current.latest}`;

/** A run over the sample, for a shell that has the settings. */
export const SAMPLE_RUN = `runs start ${PHOTOS} --analyzer gemini --prompt utility-pole --wait`;

/** Where everything is, for a person. */
export function fakeGoogleLines(google: FakeGoogle): readonly string[] {
  return [
    `BigQuery     ${google.bigQueryUrl}  (a stand-in)`,
    `  results    ${SAMPLE.store}`,
    `  streets    ${TABLE}  (${SAMPLE.streetAssets} assets)`,
    `Storage      ${google.storageUrl}  (a stand-in)`,
    `  photos     ${PHOTOS}  (${SAMPLE.photoAssets} assets)`,
    `Gemini       ${google.geminiUrl}  (a stand-in; its answers are made up)`,
  ];
}

/** The same for a program. */
export function fakeGoogleJson(google: FakeGoogle, envFile: string) {
  return {
    bigquery_url: google.bigQueryUrl,
    storage_url: google.storageUrl,
    gemini_url: google.geminiUrl,
    store: SAMPLE.store,
    photos: PHOTOS,
    street_table: TABLE,
    env_file: envFile,
  };
}

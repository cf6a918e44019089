import { z } from 'zod';
import { DELIMITERS, SOURCE_KINDS, TEXT_ENCODINGS } from '../../contracts/source.ts';

const path = z.string().min(1, 'must not be empty').max(4_000);
const column = z.string().min(1).max(1_000);

const file = { path, base: path.optional() };
const text = { encoding: z.enum(TEXT_ENCODINGS, oneOf(TEXT_ENCODINGS)).optional() };
const map = z.strictObject({
  id: column.optional(),
  image: z.union([column, z.array(column).min(1).max(200)], 'takes the name of a column, or a list of them').optional(),
  latitude: column.optional(),
  longitude: column.optional(),
  time: column.optional(),
  observation: column.optional(),
});
const table = {
  ...file,
  map: map.optional(),
  rowsPerAsset: z.enum(['one', 'many'], oneOf(['one', 'many'])).optional(),
};

const time = z
  .string()
  .max(40)
  .refine((typed) => /^\d{4}-\d{2}-\d{2}/.test(typed) && !Number.isNaN(Date.parse(typed)), 'takes a time in ISO 8601');
const degreesNorth = z.number().min(-90).max(90);
const degreesEast = z.number().min(-180).max(180);
const label = z.string().min(1).max(200);
const observationFilters = z.strictObject({
  assetClass: z.union([label, z.array(label).min(1).max(50)], 'takes a word, or a list of them').optional(),
  area: z
    .union(
      [
        z.strictObject({
          box: z
            .strictObject({ south: degreesNorth, west: degreesEast, north: degreesNorth, east: degreesEast })
            .refine(({ south, north }) => south <= north, 'takes a south that is not north of its north; change them'),
        }),
        z.strictObject({
          centre: z.strictObject({ latitude: degreesNorth, longitude: degreesEast }),
          radiusM: z.number().positive().max(20_000_000),
        }),
      ],
      'takes a box (south, west, north, east), or a centre (latitude, longitude) and radiusM',
    )
    .optional(),
  snapshot: label.optional(),
  capturedAfter: time.optional(),
  capturedBefore: time.optional(),
  detectedAfter: time.optional(),
  detectedBefore: time.optional(),
});

const specSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('folder'), path, group: z.string().min(1).max(200).optional() }),
    z.strictObject({
      kind: z.literal('csv'),
      ...table,
      ...text,
      delimiter: z.enum(DELIMITERS, oneOf(DELIMITERS.map((each) => JSON.stringify(each)))).optional(),
    }),
    z.strictObject({ kind: z.literal('jsonl'), ...table, ...text }),
    z.strictObject({ kind: z.literal('parquet'), ...table }),
    z.strictObject({
      kind: z.literal('bigquery'),
      ...table,
      query: z.string().min(1, 'must not be empty').max(50_000).optional(),
      grouping: z.enum(['observations', 'none'], oneOf(['observations', 'none'])).optional(),
      filters: observationFilters.optional(),
      imagesPerAsset: z.int().min(1).max(200).optional(),
      limit: z.int().min(1).optional(),
      location: label.optional(),
      maximumBytesBilled: z.int().min(1).optional(),
      asOf: time.optional(),
    }),
    z.strictObject({ kind: z.literal('list'), ...file, ...text }),
  ],
  oneOf(SOURCE_KINDS),
);

/** What a request may say about its source: a path, or a specification. */
export const sourceSchema = z.union([path, specSchema]);

function oneOf(words: readonly string[]): string {
  return `expected one of ${words.join(', ')}`;
}

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
    z.strictObject({ kind: z.literal('list'), ...file, ...text }),
  ],
  oneOf(SOURCE_KINDS),
);

/** What a request may say about its source: a path, or a specification. */
export const sourceSchema = z.union([path, specSchema]);

function oneOf(words: readonly string[]): string {
  return `expected one of ${words.join(', ')}`;
}

import { expect, test } from 'vitest';
import { nameFlags } from '../../../cli/output/name-flags.ts';

test.each([
  ['a.csv has no column for the id; name it with "idColumn".', '"idColumn" (--id-column).'],
  ['a.csv has no column for the image path; name it with "imageColumn".', '"imageColumn" (--image-column).'],
  ['a.csv has no column "pole" (idColumn).', '"pole" (idColumn, --id-column).'],
  ['a.csv is empty.', 'a.csv is empty.'],
])('%s', (message, end) => expect(nameFlags(message).endsWith(end)).toBe(true));

import { expect, test } from 'vitest';
import { RESERVED_FIELD_NAMES } from '../../prompts/reserved-names.ts';
import { resultColumns } from '../../stores/result-columns.ts';

test('every column that the results have themselves is reserved', () => {
  const columns = resultColumns([]).map(([name]) => name);
  expect(columns.filter((name) => !RESERVED_FIELD_NAMES.has(name))).toEqual([]);
});

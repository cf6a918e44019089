import { expect, test } from 'vitest';
import { answerColumns, missingFields } from '../../../stores/bigquery/ensure-table.ts';
import { tableFields } from '../../../stores/bigquery/result-table.ts';
import { resultTable } from '../../../stores/bigquery/result-table-name.ts';
import { RESERVED_FIELD_NAMES } from '../../../prompts/reserved-names.ts';
import { StoreMismatchError, StoreRefusedError } from '../../../stores/ports.ts';
import { CONTEXT, placeIn } from '../../suites/store-samples.ts';

const OLD = tableFields(CONTEXT.fields.slice(1));

test('a table gains the columns that a prompt has gained, never required ones', () => {
  expect(missingFields('t', OLD, tableFields(CONTEXT.fields))).toMatchObject([{ name: 'caption', mode: 'NULLABLE' }]);
  expect(missingFields('t', [], OLD).some(({ mode }) => mode === 'REQUIRED')).toBe(false);
  expect(missingFields('t', tableFields(CONTEXT.fields), OLD)).toEqual([]);
});

test('views have the answers of all versions of a prompt, in the order of the table, whichever starts', () => {
  const [newer, older] = [tableFields(CONTEXT.fields), tableFields(CONTEXT.fields.slice(1))];
  const names = CONTEXT.fields.map(({ name }) => name);
  expect(answerColumns(newer)).toEqual(names);
  expect(answerColumns([...newer, ...older])).toEqual(names);
  expect(answerColumns([...older, ...newer])).toEqual([...names.slice(1), ...names.slice(0, 1)]);
  expect(answerColumns([{ name: 'CAPTION' }, { name: 'Run_Id' }, ...newer])).toEqual(['CAPTION', ...names.slice(1)]);
});

test('a column of another type is refused, and what to do about it said', () => {
  const asText = CONTEXT.fields.map((field) =>
    field.name === 'lamps' ? { ...field, type: 'string' as const } : field,
  );
  const asList = CONTEXT.fields.map((field) =>
    field.name === 'light' ? { ...field, type: 'strings' as const } : field,
  );
  const table = tableFields(CONTEXT.fields);
  expect(() => missingFields('t', table, tableFields(asText))).toThrow(StoreRefusedError);
  expect(() => missingFields('t', table, tableFields(asText))).toThrow(
    /lamps of the table t holds INTEGER, .* STRING\. Give/,
  );
  expect(() => missingFields('t', table, tableFields(asList))).toThrow(/light .* holds STRING, .* lists of STRING/);
});

test('a table that somebody made with a column that must be filled is refused before anything is asked', () => {
  const fields = tableFields(CONTEXT.fields);
  for (const name of ['owner', 'failure']) {
    const has = [...fields.filter((field) => field.name !== name), { name, type: 'STRING', mode: 'REQUIRED' }];
    expect(() => missingFields('t', has, fields)).toThrow(StoreRefusedError);
    expect(() => missingFields('t', has, fields)).toThrow(
      new RegExp(`^Column ${name} of the table t must have a value`),
    );
  }
  expect(missingFields('t', fields, fields)).toEqual([]);
});

test('the words that BigQuery has for a type twice are the same type', () => {
  const has = [{ name: 'LAMPS', type: 'INT64' }];
  expect(missingFields('t', has, [{ name: 'lamps', type: 'INTEGER', mode: 'NULLABLE' }])).toEqual([]);
});

test('every column is described, and its name is not free for a field', () => {
  for (const { name = '', description } of tableFields([])) {
    expect(description, name).toMatch(/\.$/);
    expect(RESERVED_FIELD_NAMES.has(name), name).toBe(true);
  }
});

test.each(['runs', 'blobs', 'manifest-check', 'staging-area', 'utility-pole-latest', 'pole-by-gcs-uris'])(
  'a prompt whose table would be taken for another is refused, not torn down or written into: %s',
  (prompt) => {
    expect(() => resultTable({ ...placeIn('/data'), prompt })).toThrow(StoreRefusedError);
    expect(resultTable({ ...placeIn('/data'), prompt: `my-${prompt}s` })).toMatch(/^sightline_my_/);
  },
);

test('a prompt gives its table its name, and no other text does', () => {
  expect(resultTable(placeIn('/data'))).toBe('sightline_street_check');
  expect(() => resultTable({ ...placeIn('/data'), prompt: 'x` UNION' })).toThrow(StoreMismatchError);
});

import { describe, expect, it } from 'vitest';
import type { TableField } from '@google-cloud/bigquery';
import { tableFields } from '../../../stores/bigquery/result-table.ts';
import { toStreamRow } from '../../../stores/bigquery/stream-row.ts';
import { toRowLine } from '../../../stores/row-line.ts';
import { CONTEXT, rowAt, segmentOf } from '../../suites/store-samples.ts';

const FIELDS = tableFields(CONTEXT.fields);

function rowOf(...row: Parameters<typeof rowAt>) {
  return toStreamRow(FIELDS, toRowLine(CONTEXT, segmentOf(0), rowAt(...row)), { run_key: 'k' });
}

describe('a row of results for the stream', () => {
  it('has every column of the table, each with the type that the writer keeps', () => {
    const findings = { caption: 'a', lamps: 9_007_199_254_740_991, sharpness: -0.1, usable: false, things: ['', '"'] };
    const asset = { location: { latitude: -33.5, longitude: 0 }, detectionTime: '2026-01-02T03:04:05+02:00' };
    const row = rowOf(3, { findings, observed: { imageDigests: ['aa', null] } }, asset);
    expect(Object.keys(row)).toEqual(FIELDS.map(({ name }) => name));
    expect(row).toMatchObject({
      ...findings,
      light: null,
      row_number: 3,
      location: { latitude: -33.5, longitude: 0 },
      detection_time: Date.UTC(2026, 0, 2, 1, 4, 5) * 1000,
      image_digests: ['aa', ''],
      cost_usd: 0.5,
      run_key: 'k',
    });
  });

  it('keeps texts as they are, but for halves of characters', () => {
    const text = `quotes " ' newline \n nul \u0000 日本 😀`;
    expect(rowOf(0, { findings: { caption: text } })).toMatchObject({ caption: text });
    expect(rowOf(0, { findings: { caption: 'half \ud800' } })).toMatchObject({ caption: 'half \ufffd' });
  });

  it('has null where nothing is known, and an empty list where a list is', () => {
    expect(rowOf(0, { kind: 'not_visible', costUsd: null })).toMatchObject({
      caption: null,
      lamps: null,
      usable: null,
      location: null,
      detection_time: null,
      cost_usd: null,
      things: [],
      image_digests: [],
      observation_ids: [''],
    });
  });

  it('takes times before 1970 and the last of four digits', () => {
    expect(rowOf(0, {}, { detectionTime: '1969-12-31T23:59:59.999Z' })).toMatchObject({ detection_time: -1000 });
    expect(rowOf(0, {}, { detectionTime: '9999-12-31T23:59:59Z' })).toMatchObject({
      detection_time: Date.UTC(9999, 11, 31, 23, 59, 59) * 1000,
    });
  });

  const bad: readonly (readonly [type: string, value: unknown])[] = [
    ['STRING', 1],
    ['STRING', {}],
    ['INTEGER', '1'],
    ['INTEGER', 1.5],
    ['INTEGER', 2 ** 53],
    ['INTEGER', true],
    ['FLOAT', '0.5'],
    ['FLOAT', 'NaN'],
    ['BOOLEAN', 'false'],
    ['BOOLEAN', 0],
    ['TIMESTAMP', 0],
    ['TIMESTAMP', '2026-01-01'],
    ['TIMESTAMP', '2026-13-01 00:00:00.000'],
    ['TIMESTAMP', '2026-01-01T00:00:00.000Z'],
    ['RECORD', 'x'],
    ['RECORD', []],
    ['GEOGRAPHY', 'POINT(1 2)'],
  ];
  it.each(bad)('of %s refuses %j, which the writer would make something of', (type, value) => {
    const fields: readonly TableField[] = [{ name: 'c', type, mode: 'NULLABLE' }];
    expect(() => toStreamRow(fields, JSON.stringify({ c: value }), {})).toThrow(/^Column c /);
  });

  it('refuses lists that are none or hold something else, a required column without a value, and a column too many', () => {
    const list: readonly TableField[] = [{ name: 'c', type: 'STRING', mode: 'REPEATED' }];
    expect(() => toStreamRow(list, '{"c":"text"}', {})).toThrow(TypeError);
    expect(() => toStreamRow(list, '{"c":["a",1]}', {})).toThrow(TypeError);
    expect(() => toStreamRow([{ name: 'c', type: 'STRING', mode: 'REQUIRED' }], '{"c":null}', {})).toThrow(/no value/);
    expect(() => toStreamRow(list, '{"c":[],"d":1}', {})).toThrow(/no column d/);
  });
});

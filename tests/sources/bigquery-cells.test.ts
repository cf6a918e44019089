import { BigQuery, BigQueryDate, BigQueryInt } from '@google-cloud/bigquery';
import { expect, it } from 'vitest';
import { cellOf } from '../../sources/bigquery-cells.ts';

it.each<[unknown, unknown]>([
  [null, null],
  [true, true],
  ['text', 'text'],
  [0.5, 0.5],
  [new BigQueryInt('42'), 42],
  [new BigQueryInt('9007199254740993'), '9007199254740993'],
  [BigQuery.timestamp('2026-05-04T10:20:30.123456Z'), '2026-05-04T10:20:30.123456000Z'],
  [new BigQueryDate('2026-05-04'), '2026-05-04'],
  [{ toFixed: () => '12345678901234567890.123' }, '12345678901234567890.123'],
  [Buffer.from('bytes'), 'Ynl0ZXM='],
  [
    [{ uri: 'gs://a/b', at: BigQuery.timestamp('2026-05-04T00:00:00Z') }],
    [{ uri: 'gs://a/b', at: '2026-05-04T00:00:00.000Z' }],
  ],
  [
    { value: 'a column called value', n: 1 },
    { value: 'a column called value', n: 1 },
  ],
])('a value of BigQuery becomes a cell: %j', (value, cell) => {
  expect(cellOf(value)).toEqual(cell);
});

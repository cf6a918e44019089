import type { TableField } from '@google-cloud/bigquery';
import { expect, it } from 'vitest';
import { checkOwn } from '../../../stores/bigquery/check-own.ts';
import { RUNS } from '../../../stores/bigquery/own-tables.ts';
import { StoreRefusedError } from '../../../stores/ports.ts';

interface There {
  readonly type: string;
  readonly fields: readonly TableField[];
}

const check = (there: There | undefined) =>
  checkOwn('t', there && { type: there.type, schema: { fields: [...there.fields] } }, RUNS.columns);

it('takes a table of ours, also with a column that somebody has added, and one that is missing', () => {
  check(undefined);
  check({ type: 'TABLE', fields: RUNS.columns });
  check({ type: 'TABLE', fields: [{ name: 'team', type: 'STRING', mode: 'NULLABLE' }, ...RUNS.columns] });
});

const [, ...later] = RUNS.columns;

it.each([
  ['it is a VIEW', { type: 'VIEW', fields: RUNS.columns }],
  ['it has no column run_id', { type: 'TABLE', fields: later }],
  ['its column run_id holds INTEGER', { type: 'TABLE', fields: [{ name: 'run_id', type: 'INTEGER' }, ...later] }],
  [
    'its column run_id holds lists of STRING',
    { type: 'TABLE', fields: [{ name: 'run_id', type: 'STRING', mode: 'REPEATED' }, ...later] },
  ],
  [
    'its column team must have a value',
    { type: 'TABLE', fields: [...RUNS.columns, { name: 'team', type: 'STRING', mode: 'REQUIRED' }] },
  ],
])('refuses what is none of ours: %s', (odd, metadata) => {
  expect(() => check(metadata)).toThrow(StoreRefusedError);
  expect(() => check(metadata)).toThrow(
    `t is not the table that Sightline keeps under this name: ${odd}. Move it away, or choose another dataset.`,
  );
});

import type { TableField } from '@google-cloud/bigquery';
import type { PromptField } from '../../contracts/prompt.ts';
import { resultColumns } from '../result-columns.ts';
import { COLUMN_DESCRIPTIONS } from './column-descriptions.ts';

/** Says which run a row belongs to: ids of runs may come again, this does not. Readers do not see it. */
export const RUN_KEY = 'run_key';

/** Rows of a shard, which commits ask for, lie together; so do those of a run. */
export const CLUSTERING = [RUN_KEY, 'shard', 'asset_id'];

const REQUIRED = new Set(['run_id', 'row_key', 'asset_id', 'outcome', RUN_KEY]);

/** The columns of a prompt's results, in order, as BigQuery takes them. */
export function tableFields(fields: readonly PromptField[]): readonly TableField[] {
  const described = new Map(fields.map(({ name, description }) => [name, description]));
  return [
    ...resultColumns(fields).map(([name, type]): TableField => {
      const description = described.get(name) || COLUMN_DESCRIPTIONS[name];
      return {
        name,
        ...BIGQUERY_TYPES[type],
        ...(REQUIRED.has(name) && { mode: 'REQUIRED' }),
        ...(description !== undefined && { description: description.slice(0, 1024) }),
      };
    }),
    { name: RUN_KEY, type: 'STRING', mode: 'REQUIRED', description: COLUMN_DESCRIPTIONS[RUN_KEY] ?? '' },
  ];
}

/** By the word that DuckDB has for the type. */
const BIGQUERY_TYPES: Readonly<Record<string, TableField>> = {
  VARCHAR: { type: 'STRING', mode: 'NULLABLE' },
  BIGINT: { type: 'INTEGER', mode: 'NULLABLE' },
  DOUBLE: { type: 'FLOAT', mode: 'NULLABLE' },
  BOOLEAN: { type: 'BOOLEAN', mode: 'NULLABLE' },
  TIMESTAMP: { type: 'TIMESTAMP', mode: 'NULLABLE' },
  'VARCHAR[]': { type: 'STRING', mode: 'REPEATED' },
  'STRUCT(latitude DOUBLE, longitude DOUBLE)': {
    type: 'RECORD',
    mode: 'NULLABLE',
    fields: [
      { name: 'latitude', type: 'FLOAT', mode: 'NULLABLE' },
      { name: 'longitude', type: 'FLOAT', mode: 'NULLABLE' },
    ],
  },
};

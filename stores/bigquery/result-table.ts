import type { TableField } from '@google-cloud/bigquery';
import type { PromptField } from '../../contracts/prompt.ts';
import type { RunPlace } from '../../contracts/run.ts';
import { StoreMismatchError, StoreRefusedError } from '../ports.ts';
import { resultColumns } from '../result-columns.ts';
import { COLUMN_DESCRIPTIONS } from './column-descriptions.ts';

/** Says which run a row belongs to: ids of runs may come again, this does not. Readers do not see it. */
export const RUN_KEY = 'run_key';

/** Rows of a shard, which commits ask for, lie together; so do those of a run. */
export const CLUSTERING = [RUN_KEY, 'shard', 'asset_id'];

const REQUIRED = new Set(['run_id', 'row_key', 'asset_id', 'outcome', RUN_KEY]);

/** `sightline_street_check` for the prompt `street-check`: one table for all runs of a prompt. Throws `StoreRefusedError` for a name that is taken. */
export function resultTable({ prompt }: RunPlace): string {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(prompt)) {
    throw new StoreMismatchError(`${JSON.stringify(prompt)} cannot be part of a table's name.`);
  }
  const table = `sightline_${prompt.replaceAll('-', '_')}`;
  if (!TAKEN.test(table)) return table;
  throw new StoreRefusedError(
    `The prompt ${prompt} cannot have its results in BigQuery: ${table} is a name of tables and views that Sightline makes itself. Give the prompt another name.`,
  );
}

/** What stands beside tables of results; manifests and staging tables are removed by such names. */
const TAKEN = /^sightline_(runs|blobs|(manifest|staging)_.*)$|_(latest|by_gcs_uris)$/;

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

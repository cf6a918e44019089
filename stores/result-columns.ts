import { FAILURES } from '../contracts/failures.ts';
import type { ColumnType, ResultColumn } from '../contracts/filter.ts';
import { OUTCOME_KINDS } from '../contracts/outcome.ts';
import type { FieldType, PromptField } from '../contracts/prompt.ts';
import { literal } from './duckdb.ts';
import { StoreMismatchError } from './ports.ts';

/** A column of the results and its type in DuckDB's words. */
export type Column = readonly [name: string, type: string];

/** Columns before the fields of the prompt (PROTOCOL 5). */
const COLUMNS_BEFORE: readonly Column[] = [
  ['run_id', 'VARCHAR'],
  ['row_key', 'VARCHAR'],
  ['row_number', 'BIGINT'],
  ['asset_id', 'VARCHAR'],
  ['outcome', 'VARCHAR'],
  ['location', 'STRUCT(latitude DOUBLE, longitude DOUBLE)'],
  ['observation_ids', 'VARCHAR[]'],
  ['image_uris', 'VARCHAR[]'],
  ['image_digests', 'VARCHAR[]'],
  ['detection_time', 'TIMESTAMP'],
  ['attributes', 'VARCHAR'],
];

/** Columns after the fields of the prompt. */
const COLUMNS_AFTER: readonly Column[] = [
  ['failure', 'VARCHAR'],
  ['failure_message', 'VARCHAR'],
  ['analyzer', 'VARCHAR'],
  ['model', 'VARCHAR'],
  ['model_version', 'VARCHAR'],
  ['prompt', 'VARCHAR'],
  ['prompt_digest', 'VARCHAR'],
  ['settings', 'VARCHAR'],
  ['input_tokens', 'BIGINT'],
  ['output_tokens', 'BIGINT'],
  ['thinking_tokens', 'BIGINT'],
  ['cached_tokens', 'BIGINT'],
  ['cost_usd', 'DOUBLE'],
  ['attempts', 'BIGINT'],
  ['reused', 'BOOLEAN'],
  ['latency_ms', 'BIGINT'],
  ['analyzed_at', 'TIMESTAMP'],
  ['shard', 'BIGINT'],
  ['segment', 'VARCHAR'],
];

const FIELD_COLUMN_TYPES: Readonly<Record<FieldType, string>> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  'one-of': 'VARCHAR',
  strings: 'VARCHAR[]',
};

/** The columns of a prompt's results, in order; throws `StoreMismatchError` when a field takes the name of another column. */
export function resultColumns(fields: readonly PromptField[]): readonly Column[] {
  const columns: Column[] = [
    ...COLUMNS_BEFORE,
    ...fields.map((field): Column => [field.name, FIELD_COLUMN_TYPES[field.type]]),
    ...COLUMNS_AFTER,
  ];
  const names = new Set<string>();
  for (const [name] of columns) {
    // Column names do not differ by case alone in DuckDB and BigQuery.
    if (names.has(name.toLowerCase())) throw new StoreMismatchError(`Two columns of the results are called "${name}".`);
    names.add(name.toLowerCase());
  }
  return columns;
}

/** The columns of a prompt's results as a filter sees them: a structure by its parts, with the values that can occur. */
export function filterColumns(fields: readonly PromptField[]): readonly ResultColumn[] {
  const known = new Map<string, readonly string[]>([
    ['outcome', OUTCOME_KINDS],
    ['failure', Object.keys(FAILURES)],
    ...fields.flatMap(({ name, values }) => (values ? [[name, values] as const] : [])),
  ]);
  return resultColumns(fields).flatMap(([name, type]): readonly ResultColumn[] => {
    if (name === 'location') {
      return ['latitude', 'longitude'].map((part) => ({ name: `${name}.${part}`, type: 'number' }));
    }
    if (name === 'attributes') return [{ name, type: 'attributes' }];
    const values = known.get(name);
    return [{ name, type: columnType(type), ...(values && { values }) }];
  });
}

function columnType(type: string): ColumnType {
  switch (type) {
    case 'VARCHAR':
      return 'text';
    case 'VARCHAR[]':
      return 'texts';
    case 'BOOLEAN':
      return 'boolean';
    case 'TIMESTAMP':
      return 'time';
    case 'BIGINT':
    case 'DOUBLE':
      return 'number';
    default:
      throw new Error(`a filter cannot use a column of the type ${type}`);
  }
}

/** A `read_json` call over files of one JSON object a line, every column with its type. */
export function readJsonCall(files: string, columns: readonly Column[], maxLineBytes: number): string {
  const types = columns.map(([name, type]) => `${literal(name)}: ${literal(type)}`).join(', ');
  return `read_json(${files}, columns = {${types}}, format = 'newline_delimited', compression = 'uncompressed', maximum_object_size = ${maxLineBytes + 1024})`;
}

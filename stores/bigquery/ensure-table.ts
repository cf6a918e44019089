import type { Table, TableField, TableMetadata } from '@google-cloud/bigquery';
import type { PromptField } from '../../contracts/prompt.ts';
import type { RunPlace } from '../../contracts/run.ts';
import { StoreRefusedError } from '../ports.ts';
import type { StoreDataset } from './dataset.ts';
import { calling, isDuplicate } from './google-errors.ts';
import { keepView } from './keep-view.ts';
import { metadataOf } from './metadata-of.ts';
import { CLUSTERING, tableFields } from './result-table.ts';
import { resultTable } from './result-table-name.ts';
import { viewsOf } from './views.ts';

/** Creates the table of a prompt's results with its views, or adds the columns that are missing. */
export async function ensureTable(store: StoreDataset, place: RunPlace, fields: readonly PromptField[]): Promise<void> {
  const name = resultTable(place);
  await store.location();
  await calling(`create or change the table ${store.quoted(name)}`, async () => {
    const table = store.dataset.table(name);
    const wanted = tableFields(fields);
    const isNew = await createOnce(table, {
      schema: { fields: [...wanted] },
      description: `Results of the prompt ${place.prompt}, one row for each asset of each run.`,
      timePartitioning: { type: 'DAY', field: 'analyzed_at' },
      clustering: { fields: CLUSTERING },
    });
    const before = isNew ? [] : await addColumns(store, table, name, wanted);
    for (const view of viewsOf(store, name, answerColumns([...before, ...wanted]))) {
      await keepView(store.dataset.table(view.name), view);
    }
  });
}

async function createOnce(table: Table, metadata: TableMetadata): Promise<boolean> {
  if (await metadataOf(table)) return false;
  try {
    await table.create(metadata);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Returns the columns that were there before. */
async function addColumns(
  store: StoreDataset,
  table: Table,
  name: string,
  wanted: readonly TableField[],
): Promise<readonly TableField[]> {
  const { type = 'TABLE', schema } = (await metadataOf(table)) ?? {};
  if (type !== 'TABLE')
    throw new StoreRefusedError(`${name} is no table but a ${type}: move it away, or give the prompt another name.`);
  const has = schema?.fields ?? [];
  const missing = missingFields(name, has, wanted);
  if (missing.length === 0) return has;
  // Not by a new schema, which would take away what somebody else adds at the same moment; and by one statement, for a table
  // may be changed five times in ten seconds only.
  await store.query(`ALTER TABLE ${store.quoted(name)} ${missing.map(addColumn).join(', ')}`);
  return has;
}

/** Of all versions of a prompt, in the order of the table: whichever starts next, the views stay as they are. */
export function answerColumns(columns: readonly TableField[]): readonly string[] {
  const seen = new Set(OWN_COLUMNS);
  return columns.flatMap(({ name = '' }) => {
    const isNew = !seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return isNew ? [name] : [];
  });
}

const OWN_COLUMNS = tableFields([]).map(({ name = '' }) => name);

/**
 * The columns to be added; throws `StoreRefusedError` when one is there with another type, or one would be left empty that may not
 * be.
 */
export function missingFields(
  table: string,
  has: readonly TableField[],
  wanted: readonly TableField[],
): readonly TableField[] {
  const types = new Map(has.map((field) => [field.name?.toLowerCase(), typeOf(field)]));
  for (const field of wanted) {
    const type = types.get(field.name?.toLowerCase());
    if (type !== undefined && type !== typeOf(field)) {
      throw new StoreRefusedError(
        `Column ${field.name} of the table ${table} holds ${type}, the prompt answers with ${typeOf(field)}. Give the field or the prompt another name, or move the table away.`,
      );
    }
  }
  const ours = new Map(wanted.map((field) => [field.name?.toLowerCase(), field.mode]));
  const strict = has.find(({ name, mode }) => mode === 'REQUIRED' && ours.get(name?.toLowerCase()) !== 'REQUIRED');
  if (strict !== undefined) {
    throw new StoreRefusedError(
      `Column ${strict.name} of the table ${table} must have a value, and rows of this prompt may come without. Move the table away, or let the column be NULLABLE.`,
    );
  }
  return wanted
    .filter((field) => !types.has(field.name?.toLowerCase()))
    .map((field) => (field.mode === 'REQUIRED' ? { ...field, mode: 'NULLABLE' } : field));
}

function addColumn({ name, type = '', mode, description = '' }: TableField): string {
  const word = DDL_TYPES[type] ?? type;
  const options = ` OPTIONS(description = ${JSON.stringify(description)})`;
  return `ADD COLUMN IF NOT EXISTS \`${name}\` ${mode === 'REPEATED' ? `ARRAY<${word}>` : word}${options}`;
}

const DDL_TYPES: Readonly<Record<string, string>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  RECORD: 'STRUCT<latitude FLOAT64, longitude FLOAT64>',
};

const SAME_TYPE: Readonly<Record<string, string>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
  STRUCT: 'RECORD',
};

function typeOf({ type = '', mode }: TableField): string {
  const word = SAME_TYPE[type] ?? type;
  return mode === 'REPEATED' ? `lists of ${word}` : word;
}

import type { TableField, TableMetadata } from '@google-cloud/bigquery';
import { StoreRefusedError } from '../ports.ts';

/** Throws `StoreRefusedError` where what has the name of a table of ours is none of ours; undefined: nothing has it. */
export function checkOwn(table: string, there: TableMetadata | undefined, columns: readonly TableField[]): void {
  if (there === undefined) return;
  const odd = oddityOf(there, columns);
  if (odd === null) return;
  throw new StoreRefusedError(
    `${table} is not the table that Sightline keeps under this name: ${odd}. Move it away, or choose another dataset.`,
  );
}

function oddityOf({ type = 'TABLE', schema }: TableMetadata, columns: readonly TableField[]): string | null {
  if (type !== 'TABLE') return `it is a ${type}`;
  const has = new Map((schema?.fields ?? []).map((field) => [field.name?.toLowerCase(), field]));
  for (const { name, type: wanted } of columns) {
    const found = has.get(name);
    if (found === undefined) return `it has no column ${name}`;
    const held = found.mode === 'REPEATED' ? `lists of ${found.type}` : found.type;
    if (held !== wanted) return `its column ${name} holds ${held}`;
    has.delete(name);
  }
  const strict = [...has.values()].find(({ mode }) => mode === 'REQUIRED');
  return strict === undefined ? null : `its column ${strict.name} must have a value`;
}

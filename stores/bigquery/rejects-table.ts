import { appendFileSync, createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableField } from '@google-cloud/bigquery';
import { REJECT_COLUMNS, type OnReject, type Original } from '../../sources/ports.ts';
import { toStoreError } from '../store-errors.ts';
import type { StoreDataset } from './dataset.ts';
import { loadLines } from './load-lines.ts';
import { createPassingTable, passingOptions } from './passing-table.ts';

const WRITE_CHARACTERS = 1024 * 1024;
const [LINE, REASON] = REJECT_COLUMNS;

const FIELDS: readonly TableField[] = [
  { name: LINE, type: 'INTEGER', mode: 'NULLABLE' },
  { name: REASON, type: 'STRING', mode: 'NULLABLE' },
  { name: 'kind', type: 'STRING', mode: 'NULLABLE', description: 'duplicate: its id came before; or bad' },
  { name: 'entry', type: 'STRING', mode: 'NULLABLE', description: 'As it stood in the source, as JSON' },
];

export interface RejectsTable extends Disposable {
  readonly add: OnReject;
  /** What was added. */
  counts(): { readonly rejected: number; readonly duplicates: number };
  /** Makes the table; its address, or null where nothing was rejected and there is none. */
  load(): Promise<string | null>;
}

/** The name of the table of rejects beside a manifest. */
export function rejectsTable(manifest: string): string {
  return `${manifest}_rejects`;
}

/** Such a table of what a statement rejects; see `BigQueryStatement.rejectsSql`. */
export function rejectsStatement(store: StoreDataset, manifest: string, rejectsSql: string, requestDigest: string) {
  return `CREATE TABLE IF NOT EXISTS ${store.quoted(rejectsTable(manifest))}
OPTIONS(${passingOptions(requestDigest)})
AS SELECT CAST(NULL AS INT64) AS ${LINE}, reason AS ${REASON}, kind, entry FROM (${rejectsSql})`;
}

/** The name of the table of rejects beside a manifest, for people. */
export function rejectsAddress({ project, name }: StoreDataset, manifest: string): string {
  return `bq://${project}.${name}.${rejectsTable(manifest)}`;
}

/** Gathers rejected entries in a scratch file, so that memory stays flat, and makes a table of them. */
export function openRejectsTable(store: StoreDataset, manifest: string, requestDigest: string): RejectsTable {
  const name = rejectsTable(manifest);
  let folder: string | undefined;
  let [rejected, duplicates, pending] = [0, 0, ''];
  const flush = (): string => {
    try {
      folder ??= mkdtempSync(join(tmpdir(), 'sightline-rejects-'));
      appendFileSync(join(folder, 'lines'), pending);
      pending = '';
      return join(folder, 'lines');
    } catch (error) {
      throw toStoreError('write', folder ?? tmpdir(), error);
    }
  };
  return {
    add({ line, reason, kind, original }) {
      rejected += 1;
      if (kind === 'duplicate') duplicates += 1;
      pending += `${JSON.stringify({ [LINE]: line, [REASON]: reason.toWellFormed(), kind, entry: entryOf(original).toWellFormed() })}\n`;
      if (pending.length >= WRITE_CHARACTERS) flush();
    },
    counts: () => ({ rejected, duplicates }),
    async load() {
      if (rejected === 0) return null;
      const table = await createPassingTable(store, name, FIELDS, requestDigest);
      await loadLines(store, table, FIELDS, createReadStream(flush(), 'utf8') as AsyncIterable<string>);
      return rejectsAddress(store, manifest);
    },
    [Symbol.dispose]() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Cells by their columns; those of a row that has more or fewer than its header as a list. */
function entryOf(original: Original): string {
  if ('text' in original) return original.text;
  const { columns, cells } = original;
  if (cells.length !== columns.length) return JSON.stringify(cells);
  return JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, cells[index]])));
}

import type { TableField } from '@google-cloud/bigquery';
import type { RunPlace } from '../../contracts/run.ts';
import { readFreshRecords } from '../fresh-records.ts';
import { StoreMismatchError } from '../ports.ts';
import type { StoreDataset } from './dataset.ts';
import { dropTable } from './drop-table.ts';
import { calling, emptyWithoutTable } from './google-errors.ts';
import type { LoadFolders } from './load-folders.ts';
import { absorbedBy, appendStep, nextStep, readLastStep, readStep } from './load-step.ts';
import type { LoadStep } from './load-step.ts';
import { mergeStatement } from './merge-statement.ts';
import { resultTable } from './result-table-name.ts';
import { hasRunOnce, loadOnce, runOnce } from './run-once.ts';
import { createStagingTable, stagingTable } from './staging-table.ts';

/**
 * Loads what is committed when there is enough of it; `final`, everything, and brings it to the readers. Each step is decided
 * once and done under the id of its number: safe to repeat at any point, and to run twice at once.
 */
export async function rollUpLoads(
  store: StoreDataset,
  folders: LoadFolders,
  place: RunPlace,
  fields: readonly TableField[],
  final: boolean,
): Promise<void> {
  for (;;) {
    const last = await readLastStep(folders.steps);
    if (last?.kind === 'load') await load(store, folders, place, fields, last);
    if (last?.kind === 'merge') await merge(store, folders, place, fields, last);
    const next = nextStep(last, await readFreshRecords(folders.commits, absorbedBy(last)), final);
    if (next === undefined) return;
    // Whoever was first, what was decided comes next.
    await appendStep(folders.steps, next);
  }
}

async function load(
  store: StoreDataset,
  folders: LoadFolders,
  place: RunPlace,
  fields: readonly TableField[],
  { number, round, parts }: LoadStep,
): Promise<void> {
  const [name, table] = [`${place.key}_load_${number}`, stagingTable(place, round)];
  // Or the table would be there again after the merge has taken it away.
  if (await calling('look for a load job', () => hasRunOnce(store, name))) return;
  await createStagingTable(store, table, fields);
  const uris = parts.map((part) => folders.parts.pathOf(part));
  await calling(`load ${store.quoted(table)}`, () => loadOnce(store, name, table, uris, fields));
}

async function merge(
  store: StoreDataset,
  folders: LoadFolders,
  place: RunPlace,
  fields: readonly TableField[],
  step: LoadStep,
): Promise<void> {
  const [name, table] = [`${place.key}_merge_${step.number}`, stagingTable(place, step.round)];
  const statement = mergeStatement(store.quoted(table), store.quoted(resultTable(place)), fields);
  await calling(`merge ${store.quoted(table)}`, async () => {
    if (await hasRunOnce(store, name)) return;
    try {
      await checkStaging(store, table, step.rows);
    } catch (error) {
      // Somebody else has merged meanwhile, and taken the table away.
      if (await hasRunOnce(store, name)) return;
      throw error;
    }
    await runOnce(store, name, statement, { params: { key: place.key } });
  });
  const parts = await partsOf(folders, step);
  const merged = new Set(parts.map(segmentOf));
  // Of these only: others may be on their way to a commit.
  const staged = (await folders.staged.names()).filter((batch) => merged.has(segmentOf(batch)));
  await folders.staged.remove(staged);
  await folders.parts.remove(parts);
  await dropTable(store, table);
}

/** Names of batches and parts begin with that of their segment. */
function segmentOf(name: string): string {
  return name.split('.').slice(0, 3).join('.');
}

/** Before anybody sees a row: the table holds what was committed, each row once. */
async function checkStaging(store: StoreDataset, table: string, rows: number): Promise<void> {
  const [counts] = await store
    .query(`SELECT COUNT(*) AS found, COUNT(DISTINCT row_number) AS different FROM ${store.quoted(table)}`)
    .catch(emptyWithoutTable);
  const [found, different] = [Number(counts?.['found'] ?? 0), Number(counts?.['different'] ?? 0)];
  if (found === rows && different === rows) return;
  throw new StoreMismatchError(`${table} holds ${found} rows, ${different} of them different, instead of ${rows}.`);
}

async function partsOf({ steps }: LoadFolders, { number, round }: LoadStep): Promise<readonly string[]> {
  const parts: string[] = [];
  for (let before = number - 1; before > 0; before--) {
    const step = await readStep(steps, before);
    if (step.round !== round) break;
    parts.push(...step.parts);
  }
  return parts;
}

import type { Table } from '@google-cloud/bigquery';
import type { ManifestSource } from '../ports.ts';
import type { StoreDataset } from './dataset.ts';
import { loadLines } from './load-lines.ts';
import { MANIFEST_FIELDS, numberedLine } from './manifest-columns.ts';

/** Held in memory until it is loaded. A table takes 1,500 load jobs a day: so many parts are 24 GB. */
const PART_BYTES = 16 * 1024 * 1024;

/** Numbers the assets in the order they come and loads them into a new table, part by part; returns how many there are. */
export async function loadAssets(
  store: StoreDataset,
  table: Table,
  assets: ReturnType<ManifestSource['assets']>,
): Promise<number> {
  let [rows, size] = [0, 0];
  let part: string[] = [];
  const load = async (): Promise<void> => {
    if (part.length > 0) await loadLines(store, table, MANIFEST_FIELDS, [part.join('')]);
    [part, size] = [[], 0];
  };
  for await (const asset of assets) {
    const line = numberedLine(rows, asset);
    rows += 1;
    size += line.length;
    part.push(line);
    if (size >= PART_BYTES) await load();
  }
  await load();
  return rows;
}

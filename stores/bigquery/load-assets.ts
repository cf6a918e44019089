import { once } from 'node:events';
import type { Job, JobLoadMetadata, Table } from '@google-cloud/bigquery';
import type { ManifestSource } from '../ports.ts';
import type { StoreDataset } from './dataset.ts';
import { calling } from './google-errors.ts';
import { MANIFEST_FIELDS, numberedLine } from './manifest-columns.ts';

/** Held in memory until it is loaded. A table takes 1,500 load jobs a day: so many parts are 24 GB. */
const PART_BYTES = 16 * 1024 * 1024;

export interface LoadedAssets {
  readonly rows: number;
  readonly rejected: number;
  readonly duplicates: number;
}

/** Numbers the assets in the order they come and loads them into a new table, part by part. */
export async function loadAssets(
  store: StoreDataset,
  table: Table,
  assets: ManifestSource['assets'],
): Promise<LoadedAssets> {
  let [rows, rejected, duplicates, size] = [0, 0, 0, 0];
  let part: string[] = [];
  const load = async (): Promise<void> => {
    if (part.length > 0) await loadPart(store, table, part.join(''));
    [part, size] = [[], 0];
  };
  const source = assets(({ kind }) => {
    rejected += 1;
    if (kind === 'duplicate') duplicates += 1;
  });
  for await (const asset of source) {
    const line = numberedLine(rows, asset);
    rows += 1;
    size += line.length;
    part.push(line);
    if (size >= PART_BYTES) await load();
  }
  await load();
  return { rows, rejected, duplicates };
}

async function loadPart(store: StoreDataset, table: Table, lines: string): Promise<void> {
  const metadata: JobLoadMetadata = {
    sourceFormat: 'NEWLINE_DELIMITED_JSON',
    writeDisposition: 'WRITE_APPEND',
    schema: { fields: [...MANIFEST_FIELDS] },
    location: await store.location(),
  };
  // Not repeated: nobody knows of the table yet, and the whole of it is made again.
  await calling(`load ${store.quoted(table.id ?? '')}`, async () => {
    const upload = table.createWriteStream(metadata);
    const started = once(upload, 'job') as Promise<[Job]>;
    upload.end(lines);
    const [job] = await started;
    await job.promise();
  });
}

import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { Job, JobLoadMetadata, Table, TableField } from '@google-cloud/bigquery';
import type { StoreDataset } from './dataset.ts';
import { calling } from './google-errors.ts';

/** Appends lines of JSON to a table by one load job. Never repeated: only for tables that nobody knows of yet. */
export async function loadLines(
  store: StoreDataset,
  table: Table,
  fields: readonly TableField[],
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const metadata: JobLoadMetadata = {
    sourceFormat: 'NEWLINE_DELIMITED_JSON',
    writeDisposition: 'WRITE_APPEND',
    schema: { fields: [...fields] },
    location: await store.location(),
  };
  await calling(`load ${store.quoted(table.id ?? '')}`, async () => {
    const upload = table.createWriteStream(metadata);
    const started = once(upload, 'job') as Promise<[Job]>;
    // Not by a pipeline: it waits for an end that this stream does not tell of.
    Readable.from(lines)
      .on('error', (error) => upload.destroy(error))
      .pipe(upload);
    const [job] = await started;
    await job.promise();
  });
}

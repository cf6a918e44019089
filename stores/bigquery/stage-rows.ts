import { setTimeout as delay } from 'node:timers/promises';
import type { TableField } from '@google-cloud/bigquery';
import type { RunPlace } from '../../contracts/run.ts';
import type { Receipt, Segment } from '../../contracts/shard.ts';
import { StoreMismatchError, StoreUnavailableError } from '../ports.ts';
import type { ResultRow, RowContext } from '../ports.ts';
import { segmentName } from '../run-place.ts';
import { batchLines, checkDistinct, checkReceipt, sha256 } from '../staged-batch.ts';
import { appendRows } from './append-rows.ts';
import type { SizedRow } from './append-rows.ts';
import { checkThere } from './check-there.ts';
import type { StoreDataset } from './dataset.ts';
import { isNotFound, toStoreError } from './google-errors.ts';
import { failIfLost } from './lost-segment.ts';
import { openStream } from './open-stream.ts';
import { protoDescriptor } from './proto-descriptor.ts';
import { RUN_KEY, tableFields } from './result-table.ts';
import { resultTable } from './result-table-name.ts';
import { openShardLog, streamOfSegment } from './shard-log.ts';
import { toStreamRow } from './stream-row.ts';

/** Appends a batch to the stream of its segment, which the first batch opens; the receipt names the stream. */
export async function stageRows(
  store: StoreDataset,
  place: RunPlace,
  context: RowContext,
  segment: Segment,
  offset: number,
  rows: readonly ResultRow[],
  after: Receipt | null,
): Promise<Receipt> {
  const fields = tableFields(context.fields);
  const lines = batchLines(context, segment, offset, rows);
  checkDistinct(
    segment,
    rows.map(({ asset }) => ({ row_number: asset.row })),
  );
  const table = resultTable(place);
  const stream =
    after === null
      ? await streamOfFirst(store, place, segment, offset, fields)
      : streamOfNext(store.path(table), segment, offset, after);
  const batch = lines.map((line) => ({
    row: toStreamRow(fields, line, { [RUN_KEY]: place.key }) as SizedRow['row'],
    size: line.length * 3,
  }));
  try {
    await appendRows(store.connection.writer(), stream, protoDescriptor(fields), offset, batch);
  } catch (error) {
    if (error instanceof StoreUnavailableError && isNotFound(error.cause))
      await failIfLost(store, place, segment, stream);
    throw error;
  }
  return { segment, offset, rows: rows.length, ref: stream, digest: sha256(Buffer.from(lines.join(''))) };
}

/** Throws `StoreMismatchError` unless the text names a stream of the table. */
export function checkedStream(tablePath: string, stream: string): string {
  if (stream.startsWith(`${tablePath}/streams/`) && /^[\w-]+$/.test(stream.slice(`${tablePath}/streams/`.length))) {
    return stream;
  }
  throw new StoreMismatchError(`${JSON.stringify(stream)} is no stream of ${tablePath}.`);
}

async function streamOfFirst(
  store: StoreDataset,
  place: RunPlace,
  segment: Segment,
  offset: number,
  fields: readonly TableField[],
): Promise<string> {
  if (offset !== 0) {
    throw new StoreMismatchError(`The batch at offset ${offset} of ${segmentName(segment)} names none before it.`);
  }
  const log = openShardLog(store, place, segment.shard);
  return streamOfSegment(log, segment, () => createStream(store, resultTable(place), fields));
}

function streamOfNext(tablePath: string, segment: Segment, offset: number, after: Receipt): string {
  const stream = checkedStream(tablePath, after.ref);
  checkReceipt(segment, after, offset - after.rows, stream);
  return stream;
}

async function createStream(store: StoreDataset, table: string, fields: readonly TableField[]): Promise<string> {
  await delay(store.connection.streamPace(Date.now()));
  const destinationTable = store.path(table);
  const created = await openStream(store, table).catch(async (error: unknown) => {
    if (!isNotFound(error)) throw toStoreError(`open a stream of ${destinationTable}`, error);
    await checkThere(store, table);
    // Normal for a while after a table was created.
    throw notYet(destinationTable, error);
  });
  const known = new Set((created.tableSchema?.fields ?? []).map(({ name }) => name?.toLowerCase()));
  const isMissing = fields.some(({ name }) => !known.has(name?.toLowerCase()));
  if (known.size > 0 && isMissing) throw notYet(destinationTable);
  return checkedStream(destinationTable, created.name ?? '');
}

function notYet(table: string, cause?: unknown): StoreUnavailableError {
  return new StoreUnavailableError(
    `BigQuery's Storage Write API does not know ${table}, or its newest columns, yet. Try again in a minute.`,
    { cause },
  );
}

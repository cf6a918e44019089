import type { RunPlace } from '../../contracts/run.ts';
import type { CommitResult, Receipt, Segment } from '../../contracts/shard.ts';
import { StoreMismatchError } from '../ports.ts';
import { segmentName } from '../run-place.ts';
import { checkReceipt } from '../staged-batch.ts';
import { commitStream, finalizeStream } from './commit-stream.ts';
import type { StoreDataset } from './dataset.ts';
import { RUN_KEY, resultTable } from './result-table.ts';
import { calling } from './google-errors.ts';
import { checkedStream } from './stage-rows.ts';

/** Makes the stream of a segment visible. Safe to repeat: the name of the stream, which is in the receipts, is the key. */
export async function commitSegment(
  store: StoreDataset,
  place: RunPlace,
  segment: Segment,
  receipts: readonly Receipt[],
): Promise<CommitResult> {
  const inOrder = receipts.toSorted((a, b) => a.offset - b.offset);
  const [first] = inOrder;
  if (!first) return { rows: 0, alreadyVisible: 0 };
  const table = resultTable(place);
  const stream = checkedStream(store.path(table), first.ref);
  let rows = 0;
  for (const receipt of inOrder) {
    checkReceipt(segment, receipt, rows, stream);
    rows += receipt.rows;
  }
  const held = await finalizeStream(store, stream);
  if (held !== undefined && held !== rows) throw differs(segment, held, rows);
  const state = await commitStream(store, table, stream);
  if (held === undefined || state === 'gone') {
    const visible = await countRows(store, place, segment);
    if (visible === 0) {
      throw new StoreMismatchError(
        `The staged rows of ${segmentName(segment)} are gone: BigQuery keeps them for a day at most.`,
      );
    }
    if (visible !== rows) throw differs(segment, visible, rows);
  }
  return { rows, alreadyVisible: 0 };
}

async function countRows(store: StoreDataset, place: RunPlace, segment: Segment): Promise<number> {
  const table = store.quoted(resultTable(place));
  const sql = `SELECT COUNT(*) AS found FROM ${table} WHERE ${RUN_KEY} = @key AND shard = @shard AND segment = @segment`;
  const params = { key: place.key, shard: segment.shard, segment: segmentName(segment) };
  const [row] = await calling(`count rows of ${table}`, () => store.query(sql, params));
  return Number(row?.['found']);
}

function differs(segment: Segment, found: number, expected: number): StoreMismatchError {
  return new StoreMismatchError(
    `${segmentName(segment)} holds ${found} rows, its receipts ${expected}: it was given other batches than these.`,
  );
}

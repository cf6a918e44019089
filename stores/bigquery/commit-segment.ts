import type { RunPlace } from '../../contracts/run.ts';
import type { CommitResult, Receipt, Segment } from '../../contracts/shard.ts';
import { StoreMismatchError } from '../ports.ts';
import { segmentName } from '../run-place.ts';
import { checkReceipt } from '../staged-batch.ts';
import { commitStream, finalizeStream } from './commit-stream.ts';
import type { StoreDataset } from './dataset.ts';
import { countVisible, lostSegment } from './lost-segment.ts';
import { resultTable } from './result-table-name.ts';
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
    const visible = await countVisible(store, place, segment);
    if (state === 'gone' && visible === 0) throw lostSegment(segment);
    if (visible !== rows) throw differs(segment, visible, rows);
  }
  return { rows, alreadyVisible: 0 };
}

function differs(segment: Segment, found: number, expected: number): StoreMismatchError {
  return new StoreMismatchError(
    `${segmentName(segment)} holds ${found} rows, its receipts ${expected}: it was given other batches than these.`,
  );
}

import { createHash } from 'node:crypto';
import type { Receipt, Segment } from '../contracts/shard.ts';
import { StoreMismatchError, StoreUnavailableError } from './ports.ts';
import type { ResultRow, RowContext } from './ports.ts';
import { toRowLine } from './row-line.ts';
import { segmentName } from './run-place.ts';
import type { CountedRow } from './tally-rows.ts';
import type { Documents, WriteOnce } from './write-once.ts';

/** Writes a batch under the name of its segment and offset; the same batch again changes nothing. */
export async function writeStagedBatch(
  batches: WriteOnce,
  context: RowContext,
  segment: Segment,
  offset: number,
  rows: readonly ResultRow[],
): Promise<Receipt> {
  const bytes = Buffer.from(batchLines(context, segment, offset, rows).join(''));
  const ref = stagedName(segment, offset);
  const receipt = { segment, offset, rows: rows.length, ref, digest: sha256(bytes) };
  if (await batches.createOnce('stage', ref, bytes)) return receipt;
  const existing = await batches.read(ref);
  if (existing === undefined)
    throw new StoreUnavailableError(`${batches.pathOf(ref)} has gone while it was written. Try again.`);
  if (sha256(existing) !== receipt.digest) {
    throw new StoreMismatchError(`Another batch is staged at offset ${offset} of ${segmentName(segment)} already.`);
  }
  return receipt;
}

/** The rows of a batch as lines of JSON; throws `StoreMismatchError` when they do not fit the segment. */
export function batchLines(
  context: RowContext,
  segment: Segment,
  offset: number,
  rows: readonly ResultRow[],
): readonly string[] {
  if (context.runId !== segment.runId) {
    throw new StoreMismatchError(`A segment of run ${segment.runId} was given rows of run ${context.runId}.`);
  }
  if (!Number.isSafeInteger(offset) || offset < 0) throw new StoreMismatchError(`${offset} is no offset of a batch.`);
  return rows.map((row) => `${toRowLine(context, segment, row)}\n`);
}

export interface StagedSegment {
  /** Of its batches, in order. */
  readonly names: readonly string[];
  /** The rows as they were staged, and what counts in each. */
  readonly lines: readonly string[];
  readonly rows: readonly CountedRow[];
  readonly maxLineBytes: number;
  /** All batches together, as they were staged. */
  readonly sizeBytes: number;
}

/** Reads the batches of a segment; throws `StoreMismatchError` unless the receipts join from offset 0 and the batches are those of the receipts. */
export async function readStagedSegment(
  batches: Documents,
  segment: Segment,
  receipts: readonly Receipt[],
): Promise<StagedSegment> {
  const names: string[] = [];
  const lines: string[] = [];
  const rows: CountedRow[] = [];
  let [maxLineBytes, sizeBytes] = [0, 0];
  for (const receipt of receipts.toSorted((a, b) => a.offset - b.offset)) {
    checkReceipt(segment, receipt, rows.length, stagedName(segment, receipt.offset));
    const path = batches.pathOf(receipt.ref);
    const bytes = await batches.read(receipt.ref);
    if (bytes === undefined) throw new StoreMismatchError(`The staged batch ${path} is missing.`);
    if (sha256(bytes) !== receipt.digest)
      throw new StoreMismatchError(`The staged batch ${path} is not the one of its receipt.`);
    const batch = bytes.toString().split('\n').slice(0, -1);
    if (batch.length !== receipt.rows) {
      throw new StoreMismatchError(`The staged batch ${path} has ${batch.length} rows, its receipt ${receipt.rows}.`);
    }
    for (const line of batch) {
      lines.push(line);
      rows.push(JSON.parse(line) as CountedRow);
      // A character takes up to three bytes for each of its UTF-16 units.
      maxLineBytes = Math.max(maxLineBytes, line.length * 3);
    }
    sizeBytes += bytes.length;
    names.push(receipt.ref);
  }
  checkDistinct(segment, rows);
  return { names, lines, rows, maxLineBytes, sizeBytes };
}

/** Identifies the receipts of a segment: the same receipts in any order give the same text. */
export function receiptsDigest(receipts: readonly Receipt[]): string {
  const inOrder = receipts.toSorted((a, b) => a.offset - b.offset);
  return sha256(Buffer.from(inOrder.map(({ offset, rows, digest }) => `${offset} ${rows} ${digest}\n`).join('')));
}

/** Throws `StoreMismatchError` unless it is the receipt of this segment, offset and reference. */
export function checkReceipt(segment: Segment, receipt: Receipt, expectedOffset: number, expectedRef: string): void {
  const name = segmentName(segment);
  const isForeign = receipt.segment.runId !== segment.runId || segmentName(receipt.segment) !== name;
  if (isForeign || receipt.ref !== expectedRef) {
    throw new StoreMismatchError(`The receipt ${receipt.ref} does not belong to ${name}.`);
  }
  if (receipt.offset !== expectedOffset) {
    throw new StoreMismatchError(
      `The receipts of ${name} do not join: expected offset ${expectedOffset}, got ${receipt.offset}.`,
    );
  }
}

/** Throws `StoreMismatchError` when a row is there twice. */
export function checkDistinct(segment: Segment, rows: readonly { readonly row_number: number }[]): void {
  const seen = new Set<number>();
  for (const { row_number } of rows) {
    if (seen.has(row_number))
      throw new StoreMismatchError(`Row ${row_number} is staged twice in ${segmentName(segment)}.`);
    seen.add(row_number);
  }
}

function stagedName(segment: Segment, offset: number): string {
  return `${segmentName(segment)}.${offset}.jsonl`;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

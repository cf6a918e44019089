import { randomBytes } from 'node:crypto';
import type { PromptField } from '../../contracts/prompt.ts';
import type { RunPlace } from '../../contracts/run.ts';
import type { Segment } from '../../contracts/shard.ts';
import { visibleInLog } from '../commit-log.ts';
import { commitOnce } from '../commit-once.ts';
import type { ResultStore, VisibleRows } from '../ports.ts';
import { segmentName } from '../run-place.ts';
import { writeStagedBatch } from '../staged-batch.ts';
import type { StagedSegment } from '../staged-batch.ts';
import type { CountedRow } from '../tally-rows.ts';
import { auditTable } from './audit-table.ts';
import { checkLoading } from './check-loading.ts';
import type { StoreDataset } from './dataset.ts';
import { ensureTable } from './ensure-table.ts';
import type { BucketFolder, LoadBucket } from './load-bucket.ts';
import { loadFolders } from './load-folders.ts';
import { toLoadLine } from './load-line.ts';
import { RUN_KEY, tableFields } from './result-table.ts';
import { rollUpLoads } from './roll-up-loads.ts';

/**
 * Result rows in a table of the prompt, without Storage Write: staged and committed as objects of a bucket, loaded by jobs, and
 * merged when the run ends. Readers see rows from then on; for the run itself they are visible when they are committed.
 */
export function createLoadResultStore(store: StoreDataset, bucket: LoadBucket): ResultStore {
  const foldersOf = (place: RunPlace) => loadFolders(bucket, store, place);
  const visible = (place: RunPlace, shard: number): Promise<VisibleRows> =>
    visibleInLog(foldersOf(place).commits, shard);

  return {
    visible,

    async ensure(place, fields) {
      await ensureTable(store, place, fields);
      await bucket.checkAccess();
      await checkLoading(store, bucket, foldersOf(place).parts, place);
    },

    // A commit leaves out what others have made visible, whoever they are: there is nobody to be kept out.
    takeOver: (place, shard) => visible(place, shard),

    stage: (place, context, segment, offset, rows) =>
      writeStagedBatch(foldersOf(place).staged, context, segment, offset, rows),

    commit(place, { fields }, segment, receipts) {
      const { commits, staged, parts } = foldersOf(place);
      const desk = {
        commits,
        staged,
        writePart: (rows: StagedSegment, fresh: readonly CountedRow[]) =>
          writePart(parts, place, fields, segment, rows, fresh),
        removePart: (part: string) => parts.remove([part]),
      };
      return commitOnce(desk, segment, receipts);
    },

    rollUp: (place, { fields }, final) => rollUpLoads(store, foldersOf(place), place, tableFields(fields), final),

    audit: (place) => auditTable(store, place),
  };
}

async function writePart(
  parts: BucketFolder,
  { key }: RunPlace,
  promptFields: readonly PromptField[],
  segment: Segment,
  { lines, rows }: StagedSegment,
  fresh: readonly CountedRow[],
): Promise<string> {
  const fields = tableFields(promptFields);
  const wanted = new Set(fresh);
  const kept = lines.filter((_line, index) => wanted.has(rows[index] as CountedRow));
  const content = kept.map((line) => `${toLoadLine(fields, line, { [RUN_KEY]: key })}\n`).join('');
  for (;;) {
    const name = `${segmentName(segment)}.${randomBytes(5).toString('hex')}.jsonl`;
    if (await parts.createOnce('part', name, content)) return name;
  }
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { auditParts } from './audit-parts.ts';
import { cleanUpParts } from './clean-up-parts.ts';
import { visibleInLog } from './commit-log.ts';
import { commitSegment } from './commit-segment.ts';
import type { DurableFiles } from './durable-files.ts';
import type { ResultStore, VisibleRows } from './ports.ts';
import { resultColumns } from './result-columns.ts';
import { rollUpParts } from './roll-up-parts.ts';
import { placePaths } from './run-place.ts';
import type { RunPlace } from '../contracts/run.ts';
import { writeStagedBatch } from './staged-batch.ts';
import { documentsIn, writeOnceIn } from './write-once.ts';

/** Result rows as Parquet parts in a folder; what is visible is what a shard's log of commit records says. */
export function createParquetResultStore(files: DurableFiles): ResultStore {
  const visible = (place: RunPlace, shard: number): Promise<VisibleRows> =>
    visibleInLog(documentsIn(placePaths(place).commits), shard);

  return {
    visible,

    async ensure(place, fields) {
      // A field that cannot become a column is found before anything is written.
      resultColumns(fields);
      const paths = placePaths(place);
      for (const folder of [paths.staged, paths.parts, paths.commits, paths.index]) {
        // Only writing tells whether a folder can be written.
        const probe = join(folder, `probe.${randomBytes(6).toString('hex')}.tmp`);
        await files.createOnce('probe', probe, '');
        await files.remove('probe', [probe]);
      }
    },

    // A commit leaves out what others have made visible, whoever they are: there is nobody to be kept out.
    takeOver: (place, shard) => visible(place, shard),

    async stage(place, context, segment, offset, rows) {
      resultColumns(context.fields);
      return writeStagedBatch(writeOnceIn(placePaths(place).staged, files), context, segment, offset, rows);
    },

    async commit(place, context, segment, receipts) {
      return commitSegment(files, placePaths(place), context.fields, segment, receipts);
    },

    async rollUp(place, _context, final) {
      const paths = placePaths(place);
      await rollUpParts(files, paths, final);
      if (final) await cleanUpParts(files, paths);
    },

    async audit(place) {
      return auditParts(placePaths(place));
    },
  };
}

import type { RunPlace } from '../../contracts/run.ts';
import type { ResultStore, VisibleRows } from '../ports.ts';
import { toRanges } from '../row-ranges.ts';
import { tallyRows } from '../tally-rows.ts';
import type { CountedRow } from '../tally-rows.ts';
import { auditTable } from './audit-table.ts';
import { commitSegment } from './commit-segment.ts';
import { commitStream, finalizeStream } from './commit-stream.ts';
import type { StoreDataset } from './dataset.ts';
import { ensureTable } from './ensure-table.ts';
import { calling } from './google-errors.ts';
import { RUN_KEY } from './result-table.ts';
import { resultTable } from './result-table-name.ts';
import { openShardLog, takeShardOver } from './shard-log.ts';
import { stageRows } from './stage-rows.ts';

/** Result rows in a table of the prompt: staged in pending streams, visible when their stream is committed. */
export function createBigQueryResultStore(store: StoreDataset): ResultStore {
  return {
    ensure: (place, fields) => ensureTable(store, place, fields),

    async takeOver(place, shard, executionId) {
      const table = resultTable(place);
      // Rows of a stream cannot be left out, and a stream cannot be taken back: what others have staged is made visible, so that
      // nothing is left that could become visible later.
      const settle = async (streams: readonly string[]): Promise<void> => {
        for (const stream of streams) {
          if ((await finalizeStream(store, stream)) !== 0) await commitStream(store, table, stream);
        }
      };
      await takeShardOver(openShardLog(store, place, shard), executionId, settle);
      return visibleRows(store, place, shard);
    },

    stage: (place, context, segment, offset, rows, after) =>
      stageRows(store, place, context, segment, offset, rows, after),

    commit: (place, _context, segment, receipts) => commitSegment(store, place, segment, receipts),

    visible: (place, shard) => visibleRows(store, place, shard),

    // One table holds all rows from the start.
    rollUp: () => Promise.resolve(),

    audit: (place) => auditTable(store, place),
  };
}

async function visibleRows(store: StoreDataset, place: RunPlace, shard: number): Promise<VisibleRows> {
  const table = store.quoted(resultTable(place));
  const sql = `SELECT row_number, outcome, failure, input_tokens, output_tokens, thinking_tokens, cached_tokens, cost_usd, reused, model_version
FROM ${table} WHERE ${RUN_KEY} = @key AND shard = @shard`;
  const rows = await calling(`read ${table}`, () => store.query(sql, { key: place.key, shard }));
  const counted = rows as unknown as readonly CountedRow[];
  return { rows: toRanges(counted.map(({ row_number }) => row_number)), tally: tallyRows(counted) };
}

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EMPTY_TALLY, addOutcome, addTallies } from '../../contracts/outcome.ts';
import type { OutcomeKind } from '../../contracts/outcome.ts';
import type { Receipt } from '../../contracts/shard.ts';
import { openParquetStores } from '../../stores/index.ts';
import type { Stores } from '../../stores/index.ts';
import { CONTEXT, placeIn, rowsBetween, segmentOf } from '../suites/store-samples.ts';
import { KilledError, openKilledStores } from './killed-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROWS = 12;
const BATCH = 4;

/** One execution of one of two shards, as its workflow sees it: the receipts it has got are in its history. */
interface Execution {
  readonly id: string;
  readonly shard: number;
  readonly receipts: Receipt[];
  committed: boolean;
}

const turn = fc.record({
  execution: fc.integer({ min: 0, max: 3 }),
  also: fc.constantFrom('nothing', 'another execution', 'roll-up', 'final roll-up'),
  other: fc.integer({ min: 0, max: 3 }),
  killAt: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 25 })),
});

it('makes each row visible exactly once, whatever two executions of a shard, roll-ups and kills do in any order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { maxLength: 14 }), async (turns) => {
      await using folder = await temporaryFolder();
      const place = placeIn(folder.path);
      const executions: Execution[] = [0, 0, 1, 1].map((shard, at) => ({
        id: `execution-${at}`,
        shard,
        receipts: [],
        committed: false,
      }));
      for (const { execution, also, other, killAt } of turns) {
        const { stores } = openKilledStores(folder.path, killAt);
        // As in a run: alone, when nothing is staged that is still to be committed.
        const idle = executions.every(({ receipts, committed }) => committed || receipts.length === 0);
        if (also === 'final roll-up' && idle) await stores.results.rollUp(place, CONTEXT, true).catch(unlessKilled);
        const work = [advance(stores, executions[execution]).catch(unlessKilled)];
        if (also === 'another execution' && other !== execution) {
          work.push(advance(stores, executions[other]).catch(unlessKilled));
        }
        if (also === 'roll-up') work.push(stores.results.rollUp(place, CONTEXT, false).catch(unlessKilled));
        await Promise.all(work);
      }
      const stores = openParquetStores(folder.path);
      for (const execution of executions) {
        while (!execution.committed) await advance(stores, execution);
      }
      await stores.results.rollUp(place, CONTEXT, true);
      await expectEachRowOnce(stores);
      for (const execution of executions) {
        const segment = segmentOf(execution.shard, execution.id);
        await stores.results.commit(place, CONTEXT, segment, execution.receipts);
      }
      await expectEachRowOnce(stores);

      async function advance(store: Stores, execution: Execution | undefined): Promise<void> {
        if (!execution || execution.committed) return;
        const { shard, id, receipts } = execution;
        const offset = receipts.length * BATCH;
        const segment = segmentOf(shard, id);
        if (offset < ROWS) {
          const start = shard * ROWS + offset;
          const rows = rowsBetween(start, start + BATCH);
          receipts.push(await store.results.stage(place, CONTEXT, segment, offset, rows, receipts.at(-1) ?? null));
        } else {
          await store.results.commit(place, CONTEXT, segment, receipts);
          execution.committed = true;
        }
      }

      async function expectEachRowOnce(store: Stores): Promise<void> {
        const rows = await store.reader.list(place, { limit: 1000 });
        expect(rows.map((row) => row['row_number'])).toEqual(Array.from({ length: 2 * ROWS }, (_, row) => row));
        const inRows = rows.reduce(
          (tally, row) =>
            addOutcome(tally, {
              kind: row['outcome'] as OutcomeKind,
              ...(row['failure'] === null ? {} : { failure: { name: 'AnswerInvalid', message: '' } }),
              usage: { inputTokens: 10, outputTokens: 2, thinkingTokens: 0, cachedTokens: 1 },
              costUsd: row['cost_usd'] as number | null,
              reused: false,
              modelVersion: String(row['model_version']),
            }),
          EMPTY_TALLY,
        );
        const [first, second] = [await store.results.visible(place, 0), await store.results.visible(place, 1)];
        expect(addTallies(first.tally, second.tally)).toEqual(inRows);
        expect(await store.results.audit(place)).toEqual({ rows: 2 * ROWS, repeated: 0, counts: inRows.counts });
      }
    }),
    { numRuns: 30, endOnFailure: false },
  );
}, 120_000);

function unlessKilled(error: unknown): void {
  if (!(error instanceof KilledError)) throw error;
}

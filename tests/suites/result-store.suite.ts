import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_TALLY, addOutcome } from '../../contracts/outcome.ts';
import type { RowRange } from '../../contracts/asset.ts';
import type { RunPlace } from '../../contracts/run.ts';
import type { Receipt } from '../../contracts/shard.ts';
import { StoreMismatchError } from '../../stores/ports.ts';
import type { ResultReader, ResultStore } from '../../stores/ports.ts';
import { CONTEXT, rowAt, rowsBetween, segmentOf, stageAll } from './store-samples.ts';

export interface ResultStoreUnderTest extends AsyncDisposable {
  readonly store: ResultStore;
  readonly reader: ResultReader;
  readonly place: RunPlace;
  /** How deep filters may be nested where the server that stands in for the store takes less than the store. Default: 50. */
  readonly filterDepth?: number;
}

/** What every result store does; `open` gives an empty one. */
export function resultStoreSuite(name: string, open: () => Promise<ResultStoreUnderTest>): void {
  describe(`${name} as a result store`, () => {
    let test: ResultStoreUnderTest;
    beforeEach(async () => {
      test = await open();
      await test.store.ensure(test.place, CONTEXT.fields);
    });
    afterEach(async () => test[Symbol.asyncDispose]());

    const ids = async () => (await test.reader.list(test.place, { limit: 10_000 })).map((row) => row['asset_id']);

    it('shows nothing of what is only staged', async () => {
      await test.store.ensure(test.place, CONTEXT.fields);
      await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 20));
      expect(await ids()).toEqual([]);
      expect(await test.store.visible(test.place, 0)).toEqual({ rows: [], tally: EMPTY_TALLY });
      expect(await test.store.audit(test.place)).toEqual({ rows: 0, repeated: 0, counts: EMPTY_TALLY.counts });
    });

    it('shows a whole segment once it is committed, with what it adds up to', async () => {
      const rows = rowsBetween(0, 25);
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rows);
      expect(await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts)).toEqual({
        rows: 25,
        alreadyVisible: 0,
      });
      expect(await ids()).toHaveLength(25);
      expect(await test.store.visible(test.place, 0)).toEqual({
        rows: [{ start: 0, end: 25 }],
        tally: rows.reduce((tally, row) => addOutcome(tally, row.outcome), EMPTY_TALLY),
      });
      expect(await test.store.visible(test.place, 1)).toEqual({ rows: [], tally: EMPTY_TALLY });
      expect(await test.store.audit(test.place)).toMatchObject({
        rows: 25,
        repeated: 0,
        counts: { succeeded: 21, failed: 4 },
      });
    });

    it('takes the same batch again as done, and returns the same receipt', async () => {
      await test.store.takeOver(test.place, 0, segmentOf(0).executionId);
      const stage = (offset: number, after: Receipt | null) =>
        test.store.stage(test.place, CONTEXT, segmentOf(0), offset, rowsBetween(offset, offset + 10), after);
      const first = await stage(0, null);
      expect(await stage(0, null)).toEqual(first);
      expect(first).toMatchObject({ segment: segmentOf(0), offset: 0, rows: 10 });
      const second = await stage(10, first);
      expect(await stage(10, first)).toEqual(second);
      expect(await stage(0, null)).toEqual(first);
      expect(await test.store.commit(test.place, CONTEXT, segmentOf(0), [second, first])).toMatchObject({ rows: 20 });
    });

    it('takes the first batch from two at once as one', async () => {
      await test.store.takeOver(test.place, 0, segmentOf(0).executionId);
      const stage = () => test.store.stage(test.place, CONTEXT, segmentOf(0), 0, rowsBetween(0, 10), null);
      const [first, ...others] = await Promise.all(Array.from({ length: 5 }, stage));
      if (!first) throw new Error('nothing was staged');
      for (const other of others) expect(other).toEqual(first);
      expect(await test.store.commit(test.place, CONTEXT, segmentOf(0), [first])).toMatchObject({ rows: 10 });
      await test.store.takeOver(test.place, 0, 'execution-b');
      expect(await test.store.audit(test.place)).toMatchObject({ rows: 10, repeated: 0 });
    });

    it('shows nothing of a segment that was given another batch at the same offset', async () => {
      await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      const other = async () => {
        const receipt = await test.store.stage(test.place, CONTEXT, segmentOf(0), 0, rowsBetween(0, 11), null);
        await test.store.commit(test.place, CONTEXT, segmentOf(0), [receipt]);
      };
      await expect(other()).rejects.toThrow(StoreMismatchError);
      expect(await ids()).toEqual([]);
    });

    it('takes a repeated commit as done, with the same numbers', async () => {
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      const first = await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      expect(await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts)).toEqual(first);
      expect(await ids()).toHaveLength(10);
    });

    it('refuses to commit a visible segment again with other receipts', async () => {
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 20));
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      const again = test.store.commit(test.place, CONTEXT, segmentOf(0), receipts.slice(0, 1));
      await expect(again).rejects.toThrow(StoreMismatchError);
    });

    it('refuses receipts that do not join from offset 0', async () => {
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 30));
      for (const wrong of [receipts.slice(1), [receipts[0], receipts[2]], [receipts[0], receipts[0]]]) {
        const commit = test.store.commit(
          test.place,
          CONTEXT,
          segmentOf(0),
          wrong.filter((receipt) => receipt !== undefined),
        );
        await expect(commit).rejects.toThrow(/do not join/);
      }
      expect(await ids()).toEqual([]);
    });

    it('refuses receipts with a wrong count, or of another segment', async () => {
      const [receipt] = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      const [foreign] = await stageAll(test.store, test.place, segmentOf(1), rowsBetween(0, 10));
      if (!receipt || !foreign) throw new Error('nothing was staged');
      for (const wrong of [{ ...receipt, rows: 9 }, foreign, { ...receipt, ref: '../../x' }]) {
        await expect(test.store.commit(test.place, CONTEXT, segmentOf(0), [wrong])).rejects.toThrow(StoreMismatchError);
      }
      expect(await ids()).toEqual([]);
    });

    it('refuses a row that is twice in one segment', async () => {
      const show = async () => {
        const receipts = await stageAll(test.store, test.place, segmentOf(0), [rowAt(4), rowAt(4)]);
        await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      };
      await expect(show()).rejects.toThrow(/Row 4/);
    });

    it('goes on where an earlier execution of the shard was, whatever that had staged', async () => {
      const [old, next] = [segmentOf(0, 'execution-a'), segmentOf(0, 'execution-b')];
      const visible = await stageAll(test.store, test.place, old, rowsBetween(0, 10));
      await test.store.commit(test.place, CONTEXT, old, visible);
      const late = { ...old, number: 1 };
      const staged = await stageAll(test.store, test.place, late, rowsBetween(10, 20));
      const taken = await test.store.takeOver(test.place, 0, 'execution-b');
      expect(await test.store.takeOver(test.place, 0, 'execution-b')).toEqual(taken);
      const rest = rowsBetween(0, 30).filter(({ asset }) => !holds(taken.rows, asset.row));
      const receipts = await stageAll(test.store, test.place, next, rest);
      // Nobody reads the answer of a commit whose execution has ended.
      await test.store.commit(test.place, CONTEXT, late, staged).catch(() => undefined);
      await test.store.commit(test.place, CONTEXT, next, receipts);
      await test.store.commit(test.place, CONTEXT, late, staged).catch(() => undefined);
      expect((await test.store.visible(test.place, 0)).rows).toEqual([{ start: 0, end: 30 }]);
      expect(await test.store.audit(test.place)).toMatchObject({ rows: 30, repeated: 0 });
    });

    it('doubles and loses no row when executions take a shard over from each other at any moment', async () => {
      const run = async (execution: string) => {
        const { rows: seen } = await test.store.takeOver(test.place, 0, execution);
        const rest = rowsBetween(0, 20).filter(({ asset }) => !holds(seen, asset.row));
        const segment = segmentOf(0, execution);
        const receipts = await stageAll(test.store, test.place, segment, rest, 3);
        return test.store.commit(test.place, CONTEXT, segment, receipts);
      };
      await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map(run));
      await run('last');
      expect((await test.store.visible(test.place, 0)).rows).toEqual([{ start: 0, end: 20 }]);
      expect(await test.store.audit(test.place)).toMatchObject({ rows: 20, repeated: 0 });
    });

    it('commits nothing when nothing was staged', async () => {
      expect(await test.store.commit(test.place, CONTEXT, segmentOf(0), [])).toEqual({ rows: 0, alreadyVisible: 0 });
    });

    it('keeps what readers see through roll-ups, and what is committed between and after them', async () => {
      const seen: number[] = [];
      for (let shard = 0; shard < 6; shard++) {
        const rows = rowsBetween(shard * 10, shard * 10 + 10);
        const receipts = await stageAll(test.store, test.place, segmentOf(shard), rows);
        await test.store.commit(test.place, CONTEXT, segmentOf(shard), receipts);
        if (shard % 2 === 1) await test.store.rollUp(test.place, CONTEXT, shard === 3);
        seen.push((await ids()).length);
      }
      expect(seen).toEqual([10, 20, 30, 40, 50, 60]);
      await test.store.rollUp(test.place, CONTEXT, true);
      await test.store.rollUp(test.place, CONTEXT, true);
      expect(new Set(await ids()).size).toBe(60);
      expect(await test.store.audit(test.place)).toMatchObject({ rows: 60, repeated: 0 });
      expect((await test.store.visible(test.place, 2)).rows).toEqual([{ start: 20, end: 30 }]);
    });

    it('takes a commit that is repeated after a roll-up as done', async () => {
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      await test.store.rollUp(test.place, CONTEXT, true);
      expect(await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts)).toEqual({
        rows: 10,
        alreadyVisible: 0,
      });
      expect(await test.store.audit(test.place)).toMatchObject({ rows: 10, repeated: 0 });
    });

    it('keeps two runs apart', async () => {
      const other = {
        ...test.place,
        key: 'another-run-0123456789',
      };
      await test.store.ensure(other, CONTEXT.fields);
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      expect(await test.reader.list(other, { limit: 10 })).toEqual([]);
    });
  });
}

function holds(ranges: readonly RowRange[], row: number): boolean {
  return ranges.some(({ start, end }) => start <= row && row < end);
}

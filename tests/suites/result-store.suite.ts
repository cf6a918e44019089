import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_TALLY, addOutcome } from '../../contracts/outcome.ts';
import type { RunPlace } from '../../contracts/run.ts';
import { StoreMismatchError } from '../../stores/ports.ts';
import type { ResultReader, ResultStore } from '../../stores/ports.ts';
import { CONTEXT, placeIn, rowAt, rowsBetween, segmentOf, stageAll } from './store-samples.ts';
import { storeFolder } from '../../stores/run-place.ts';

export interface ResultStoreUnderTest extends AsyncDisposable {
  readonly store: ResultStore;
  readonly reader: ResultReader;
  readonly place: RunPlace;
}

/** What every result store does; `open` gives an empty one. */
export function resultStoreSuite(name: string, open: () => Promise<ResultStoreUnderTest>): void {
  describe(`${name} as a result store`, () => {
    let test: ResultStoreUnderTest;
    beforeEach(async () => {
      test = await open();
      await test.store.ensure(test.place);
    });
    afterEach(async () => test[Symbol.asyncDispose]());

    const ids = async () => (await test.reader.list(test.place, { limit: 10_000 })).map((row) => row['asset_id']);

    it('shows nothing of what is only staged', async () => {
      await test.store.ensure(test.place);
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
      const rows = rowsBetween(0, 10);
      const first = await test.store.stage(test.place, CONTEXT, segmentOf(0), 0, rows);
      expect(await test.store.stage(test.place, CONTEXT, segmentOf(0), 0, rows)).toEqual(first);
      expect(first).toMatchObject({ segment: segmentOf(0), offset: 0, rows: 10 });
    });

    it('refuses another batch at the same offset', async () => {
      await test.store.stage(test.place, CONTEXT, segmentOf(0), 0, rowsBetween(0, 10));
      const other = test.store.stage(test.place, CONTEXT, segmentOf(0), 0, rowsBetween(0, 11));
      await expect(other).rejects.toThrow(StoreMismatchError);
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

    it('refuses receipts with a wrong digest, a wrong count, or of another segment', async () => {
      const [receipt] = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      const [foreign] = await stageAll(test.store, test.place, segmentOf(0, 'execution-b'), rowsBetween(0, 10));
      if (!receipt || !foreign) throw new Error('nothing was staged');
      for (const wrong of [
        { ...receipt, digest: '0'.repeat(64) },
        { ...receipt, rows: 9 },
        foreign,
        { ...receipt, ref: '../../x' },
      ]) {
        await expect(test.store.commit(test.place, CONTEXT, segmentOf(0), [wrong])).rejects.toThrow(StoreMismatchError);
      }
      expect(await ids()).toEqual([]);
    });

    it('refuses a row that is twice in one segment', async () => {
      const receipts = await stageAll(test.store, test.place, segmentOf(0), [rowAt(4), rowAt(4)]);
      await expect(test.store.commit(test.place, CONTEXT, segmentOf(0), receipts)).rejects.toThrow(/Row 4/);
    });

    it('leaves out what another execution of the shard has made visible', async () => {
      const first = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      await test.store.commit(test.place, CONTEXT, segmentOf(0), first);
      const second = await stageAll(test.store, test.place, segmentOf(0, 'execution-b'), rowsBetween(5, 15));
      const result = await test.store.commit(test.place, CONTEXT, segmentOf(0, 'execution-b'), second);
      expect(result).toEqual({ rows: 5, alreadyVisible: 5 });
      expect((await test.store.visible(test.place, 0)).rows).toEqual([{ start: 0, end: 15 }]);
      expect(await test.store.audit(test.place)).toMatchObject({ rows: 15, repeated: 0 });
    });

    it('commits a segment of which every row is visible already', async () => {
      const first = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      await test.store.commit(test.place, CONTEXT, segmentOf(0), first);
      const second = await stageAll(test.store, test.place, segmentOf(0, 'execution-b'), rowsBetween(0, 10));
      for (let turn = 0; turn < 2; turn++) {
        const result = await test.store.commit(test.place, CONTEXT, segmentOf(0, 'execution-b'), second);
        expect(result).toEqual({ rows: 0, alreadyVisible: 10 });
      }
      expect(await ids()).toHaveLength(10);
    });

    it('lets executions of one shard commit at the same time without doubling a row', async () => {
      const executions = ['a', 'b', 'c', 'd'];
      const staged = await Promise.all(
        executions.map((execution) => stageAll(test.store, test.place, segmentOf(0, execution), rowsBetween(0, 20))),
      );
      const results = await Promise.all(
        executions.map((execution, at) =>
          test.store.commit(test.place, CONTEXT, segmentOf(0, execution), staged[at] ?? []),
        ),
      );
      expect(results.map(({ rows }) => rows).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 20]);
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
        ...placeIn(storeFolder(test.place.store)),
        store: test.place.store,
        key: 'another-run-0123456789',
      };
      await test.store.ensure(other);
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      expect(await test.reader.list(other, { limit: 10 })).toEqual([]);
    });
  });
}

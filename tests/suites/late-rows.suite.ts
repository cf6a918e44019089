import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreMismatchError } from '../../stores/ports.ts';
import type { ResultStoreUnderTest } from './result-store.suite.ts';
import { CONTEXT, rowsBetween, segmentOf, stageAll } from './store-samples.ts';

/** What a store does whose commits look at each staged row once more; `open` gives an empty one. */
export function lateRowsSuite(name: string, open: () => Promise<ResultStoreUnderTest>): void {
  describe(`${name} as a store that leaves rows out`, () => {
    let test: ResultStoreUnderTest;
    beforeEach(async () => {
      test = await open();
      await test.store.ensure(test.place, CONTEXT.fields);
    });
    afterEach(async () => test[Symbol.asyncDispose]());

    const ids = async () => (await test.reader.list(test.place, { limit: 10_000 })).map((row) => row['asset_id']);

    it('refuses receipts with a wrong digest', async () => {
      const [receipt] = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      if (!receipt) throw new Error('nothing was staged');
      const wrong = { ...receipt, digest: '0'.repeat(64) };
      await expect(test.store.commit(test.place, CONTEXT, segmentOf(0), [wrong])).rejects.toThrow(StoreMismatchError);
      expect(await ids()).toEqual([]);
    });

    it('refuses another batch at the same offset when it is staged', async () => {
      await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      const other = test.store.stage(test.place, CONTEXT, segmentOf(0), 0, rowsBetween(0, 11), null);
      await expect(other).rejects.toThrow(StoreMismatchError);
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
  });
}

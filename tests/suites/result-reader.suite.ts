import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Filter } from '../../contracts/filter.ts';
import type { StoredRow } from '../../stores/ports.ts';
import { arbitraryFilter } from '../filters/arbitrary-filter.ts';
import { fitsFilter } from '../filters/fits-filter.ts';
import { arbitraryRows, FEW_NUMBERS, FEW_TEXTS } from './arbitrary-rows.ts';
import type { ResultStoreUnderTest } from './result-store.suite.ts';
import { CONTEXT, rowsBetween, segmentOf, stageAll } from './store-samples.ts';

/** What every reader makes of filters; `open` gives an empty store. */
export function resultReaderSuite(name: string, open: () => Promise<ResultStoreUnderTest>): void {
  describe(`${name} as a reader of results`, () => {
    let test: ResultStoreUnderTest;
    beforeEach(async () => {
      test = await open();
      await test.store.ensure(test.place);
    });
    afterEach(async () => test[Symbol.asyncDispose]());

    it('chooses exactly the rows that a filter describes, and with its opposite all others', async () => {
      const [rows = []] = fc.sample(arbitraryRows(200), { seed: 20_261_121, numRuns: 1 });
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rows, 100);
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      const all = await test.reader.list(test.place, { limit: 1_000 });
      const chosen = async (filter: Filter) =>
        (await test.reader.list(test.place, { limit: 1_000, filter })).map((row) => row['row_number']);
      const varied = new Set(Object.keys(all[0] ?? {}).filter((key) => differs(all, key)));
      const columns = test.reader
        .columns(CONTEXT.fields)
        .filter((column) => varied.has(column.name.split('.')[0] ?? ''));
      const filters = arbitraryFilter(
        columns,
        FEW_TEXTS,
        FEW_NUMBERS,
        FEW_TEXTS.filter((key) => key !== ''),
      );
      let some = 0;
      await fc.assert(
        fc.asyncProperty(filters, async (filter) => {
          const expected = all.filter((row) => fitsFilter(filter, row)).map((row) => row['row_number']);
          expect(await chosen(filter)).toEqual(expected);
          expect(await chosen({ kind: 'not', filter })).toHaveLength(all.length - expected.length);
          if (expected.length > 0 && expected.length < all.length) some += 1;
        }),
        { seed: 20_261_121, numRuns: 150 },
      );
      expect(some).toBeGreaterThan(50);
    });

    it('takes a filter together with outcomes, pages and the longest text', async () => {
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 50));
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      const column = { name: 'asset_id', type: 'text' } as const;
      const filter: Filter = { kind: 'compare', column, operator: '~', value: 'ASSET-00000' };
      const query = { limit: 2, outcomes: ['failed'], after: 'asset-0000003', filter };
      expect((await test.reader.list(test.place, query)).map((row) => row['row_number'])).toEqual([10, 17]);
      const many: Filter = { kind: 'or', filters: Array.from({ length: 500 }, () => filter) };
      const deep = Array.from({ length: 50 }).reduce<Filter>((inner) => ({ kind: 'not', filter: inner }), many);
      expect(await test.reader.list(test.place, { limit: 100, filter: deep })).toHaveLength(50);
      const hostile: Filter = { kind: 'compare', column, operator: '=', value: "' OR 1=1 --" };
      expect(await test.reader.list(test.place, { limit: 100, filter: hostile })).toEqual([]);
    });
  });
}

function differs(rows: readonly StoredRow[], key: string): boolean {
  return new Set(rows.map((row) => JSON.stringify(row[key]))).size > 1;
}

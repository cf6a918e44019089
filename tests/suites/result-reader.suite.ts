import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Filter } from '../../contracts/filter.ts';
import type { StoredRow } from '../../stores/ports.ts';
import { arbitraryFilter } from '../filters/arbitrary-filter.ts';
import { fitsFilter } from '../filters/fits-filter.ts';
import { arbitraryRows, FEW_NUMBERS, FEW_TEXTS } from './arbitrary-rows.ts';
import type { ResultStoreUnderTest } from './result-store.suite.ts';
import { CONTEXT, FAILED, rowAt, rowsBetween, segmentOf, stageAll } from './store-samples.ts';

/** What every reader finds and gives back; `open` gives an empty store. */
export function resultReaderSuite(name: string, open: () => Promise<ResultStoreUnderTest>): void {
  describe(`${name} as a reader of results`, () => {
    let test: ResultStoreUnderTest;
    beforeEach(async () => {
      test = await open();
      await test.store.ensure(test.place, CONTEXT.fields);
    });
    afterEach(async () => test[Symbol.asyncDispose]());

    it('pages through rows in the order of asset ids, by outcome if asked', async () => {
      for (const shard of [1, 0]) {
        const receipts = await stageAll(
          test.store,
          test.place,
          segmentOf(shard),
          rowsBetween(shard * 50, shard * 50 + 50),
        );
        await test.store.commit(test.place, CONTEXT, segmentOf(shard), receipts);
      }
      const pages: unknown[] = [];
      for (let after: string | undefined; ;) {
        const page = await test.reader.list(test.place, { limit: 30, ...(after === undefined ? {} : { after }) });
        if (page.length === 0) break;
        pages.push(...page.map((row) => row['row_number']));
        after = String(page.at(-1)?.['asset_id']);
      }
      expect(pages).toEqual(Array.from({ length: 100 }, (_, row) => row));
      const failures = await test.reader.list(test.place, { limit: 100, outcomes: ['failed', 'blocked'] });
      expect(failures.map((row) => row['row_number'])).toEqual([3, 10, 17, 24, 31, 38, 45, 52, 59, 66, 73, 80, 87, 94]);
      expect(await test.reader.list(test.place, { limit: 5, outcomes: [] })).toEqual([]);
      await expect(test.reader.list(test.place, { limit: 0 })).rejects.toThrow(RangeError);
    });

    it('finds one row by its asset id', async () => {
      const receipts = await stageAll(test.store, test.place, segmentOf(0), [
        rowAt(0),
        rowAt(1, {}, { assetId: 'it\'s "x" 😀' }),
      ]);
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      expect(await test.reader.get(test.place, 'it\'s "x" 😀')).toMatchObject({ row_number: 1 });
      expect(await test.reader.get(test.place, "' OR 1=1 --")).toBeUndefined();
    });

    it('has an answer for readers before the first row', async () => {
      expect(await test.reader.get(test.place, 'x')).toBeUndefined();
      expect(await test.reader.files(test.place)).toEqual([]);
    });

    it('gives every value back with its type', async () => {
      const text = `quotes " ' , newline \n tab \t nul \u0000 emoji 😀 backslash \\ ${'long '.repeat(40_000)}`;
      const rows = [
        rowAt(
          0,
          {
            findings: {
              caption: text,
              lamps: 9_007_199_254_740_991,
              sharpness: 0.1,
              usable: false,
              light: 'night',
              things: ['a', '', text],
            },
            observed: {
              imageDigests: ['aa', null],
              location: { latitude: 1, longitude: 2 },
              capturedAt: '2020-01-01T00:00:00Z',
            },
          },
          {
            images: [{ uri: '/a.jpg', observationId: 'o1' }, { uri: '/b.jpg' }],
            location: { latitude: -33.5, longitude: 151.25 },
            detectionTime: '2026-01-02T03:04:05+02:00',
            attributes: { owner: text, height: 1.5, lit: true, nothing: null },
          },
        ),
      ];
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rows);
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      await test.store.rollUp(test.place, CONTEXT, true);
      const row = await test.reader.get(test.place, 'asset-0000000');
      expect(row).toEqual({
        run_id: CONTEXT.runId,
        row_key: expect.stringMatching(/^[0-9a-f]{32}$/),
        row_number: 0,
        asset_id: 'asset-0000000',
        outcome: 'succeeded',
        location: { latitude: -33.5, longitude: 151.25 },
        observation_ids: ['o1', null],
        image_uris: ['/a.jpg', '/b.jpg'],
        image_digests: ['aa', null],
        detection_time: '2026-01-02T01:04:05.000Z',
        attributes: { owner: text, height: 1.5, lit: true, nothing: null },
        caption: text,
        lamps: 9_007_199_254_740_991,
        sharpness: 0.1,
        usable: false,
        light: 'night',
        things: ['a', '', text],
        failure: null,
        failure_message: null,
        analyzer: 'offline',
        model: 'offline-1',
        model_version: '1.0',
        prompt: 'street-check',
        prompt_digest: 'ab12',
        settings: '{"level":2}',
        input_tokens: 10,
        output_tokens: 2,
        thinking_tokens: 0,
        cached_tokens: 1,
        cost_usd: 0.5,
        attempts: 1,
        reused: false,
        latency_ms: 12,
        analyzed_at: '2026-02-03T04:05:06.789Z',
        shard: 0,
        segment: 'shard-000000.execution-a.0',
      });
      const parts = test.reader.columns(CONTEXT.fields).map((column) => column.name.split('.')[0] ?? '');
      expect([...new Set(parts)]).toEqual(Object.keys(row ?? {}));
    });

    it('fills place and time from the picture where the source has none, and leaves fields empty unless succeeded', async () => {
      const observed = { location: { latitude: 1, longitude: 2 }, capturedAt: '2020-01-01T10:00:00' };
      const { findings: _findings, ...failed } = rowAt(0, { ...FAILED, observed }).outcome;
      const receipts = await stageAll(test.store, test.place, segmentOf(0), [
        { asset: rowAt(0).asset, outcome: failed },
      ]);
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      expect(await test.reader.get(test.place, 'asset-0000000')).toMatchObject({
        location: { latitude: 1, longitude: 2 },
        detection_time: '2020-01-01T10:00:00.000Z',
        caption: null,
        things: null,
        cost_usd: null,
        failure: 'AnswerInvalid',
        failure_message: 'light takes one of: day, night',
      });
    });

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
      const deep = Array.from({ length: test.filterDepth ?? 50 }).reduce<Filter>(
        (inner) => ({ kind: 'not', filter: inner }),
        many,
      );
      expect(await test.reader.list(test.place, { limit: 100, filter: deep })).toHaveLength(50);
      const hostile: Filter = { kind: 'compare', column, operator: '=', value: "' OR 1=1 --" };
      expect(await test.reader.list(test.place, { limit: 100, filter: hostile })).toEqual([]);
    });
  });
}

function differs(rows: readonly StoredRow[], key: string): boolean {
  return new Set(rows.map((row) => JSON.stringify(row[key]))).size > 1;
}

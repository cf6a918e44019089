import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultStoreUnderTest } from './result-store.suite.ts';
import { CONTEXT, FAILED, rowAt, segmentOf, stageAll } from './store-samples.ts';

/** What every reader adds up; `open` gives an empty store. */
export function resultSummarySuite(name: string, open: () => Promise<ResultStoreUnderTest>): void {
  describe(`${name} as a summary of results`, () => {
    let test: ResultStoreUnderTest;
    beforeEach(async () => {
      test = await open();
      await test.store.ensure(test.place, CONTEXT.fields);
    });
    afterEach(async () => test[Symbol.asyncDispose]());

    describe('summarises', () => {
      /** Answers to every field, with their row numbers. */
      const answers = Array.from({ length: 40 }, (_, row) => ({
        caption: row < 30 ? `picture ${row}` : 'the same',
        lamps: row % 4,
        sharpness: row / 40,
        usable: row % 10 === 0,
        light: 'day',
        things: row === 0 ? [] : ['pole', 'pole', `thing ${row % 3}`],
      }));
      const rows = [
        ...answers.map((findings, row) => rowAt(row, { findings }, { images: [{ uri: '/a.jpg' }, { uri: '/b.jpg' }] })),
        ...[40, 41, 42].map((row) => rowAt(row, FAILED)),
        rowAt(43, { kind: 'not_visible' }),
      ];
      const summary = async () => test.reader.summarise(test.place, CONTEXT.fields);
      const fieldOf = async (wanted: string) => (await summary()).fields.find((field) => field.name === wanted);
      beforeEach(async () => {
        for (const shard of [0, 1]) {
          const receipts = await stageAll(
            test.store,
            test.place,
            segmentOf(shard),
            rows.slice(shard * 20, shard * 20 + (shard === 0 ? 20 : 24)),
          );
          await test.store.commit(test.place, CONTEXT, segmentOf(shard), receipts);
        }
      });

      it('rows, images, outcomes, failures, tokens, cost, models and times', async () => {
        expect(await summary()).toMatchObject({
          rows: 44,
          images: 84,
          outcomes: [
            { name: 'succeeded', rows: 40 },
            { name: 'not_visible', rows: 1, samples: [43] },
            { name: 'failed', rows: 3 },
          ],
          failures: [{ name: 'AnswerInvalid', rows: 3 }],
          models: [{ analyzer: 'offline', model: 'offline-1', version: '1.0', rows: 44 }],
          usage: { inputTokens: 440, outputTokens: 88, thinkingTokens: 0, cachedTokens: 44 },
          cost: { spentUsd: 20.5, unknown: 3 },
          firstAt: '2026-02-03T04:05:06.789Z',
          lastAt: '2026-02-03T04:05:06.789Z',
        });
        expect((await summary()).failures[0]?.samples.toSorted((a, b) => a - b)).toEqual([40, 41, 42]);
      });

      it('the fields in the order of the prompt, with the same samples every time', async () => {
        const once = await summary();
        expect(once.fields.map((field) => field.name)).toEqual(CONTEXT.fields.map((field) => field.name));
        expect(await summary()).toEqual(once);
      });

      it('numbers: both ends, the median, and bins that hold every value once', async () => {
        const field = await fieldOf('sharpness');
        if (field?.kind !== 'numbers' || !field.spread) throw new Error('no numbers');
        expect(field.filled).toBe(40);
        expect(field.spread).toMatchObject({ min: 0, median: 0.4875, max: 0.975 });
        expect(field.spread.lowest).toEqual([0, 1, 2, 3, 4, 5]);
        expect(field.spread.highest).toEqual([39, 38, 37, 36, 35, 34]);
        expect(field.spread.bins).toHaveLength(20);
        for (const { rows: held } of field.spread.bins) expect(held).toBe(2);
        expect(await fieldOf('lamps')).toMatchObject({
          spread: { bins: [0, 1, 2, 3].map((from) => ({ from, to: from + 1, rows: 10 })) },
        });
      });

      it('words: the most frequent first, each once a row', async () => {
        expect(await fieldOf('usable')).toMatchObject({
          filled: 40,
          distinct: 2,
          values: [
            { name: 'false', rows: 36 },
            { name: 'true', rows: 4 },
          ],
        });
        expect(await fieldOf('light')).toMatchObject({ distinct: 1, values: [{ name: 'day', rows: 40 }] });
        expect(await fieldOf('things')).toMatchObject({
          filled: 40,
          distinct: 4,
          values: [{ name: 'pole', rows: 39 }, { rows: 13 }, { rows: 13 }, { rows: 13 }],
        });
      });

      it('texts: how long, how many different ones, and where to find some', async () => {
        const field = await fieldOf('caption');
        if (field?.kind !== 'texts') throw new Error('no texts');
        expect(field).toMatchObject({ filled: 40, lengths: { min: 8, max: 10 } });
        expect(field.distinct).toBeGreaterThan(25);
        expect(field.distinct).toBeLessThan(37);
        expect(field.samples).toHaveLength(6);
      });

      it('and finds the samples again by their row numbers', async () => {
        const found = await test.reader.list(test.place, { rows: [43, 2, 999], limit: 10 });
        expect(found.map((row) => row['row_number'])).toEqual([2, 43]);
        expect(await test.reader.list(test.place, { rows: [], limit: 10 })).toEqual([]);
      });
    });

    it('summarises nothing before the first row', async () => {
      const { rows, fields, cost } = await test.reader.summarise(test.place, CONTEXT.fields);
      expect({ rows, cost }).toEqual({ rows: 0, cost: { spentUsd: 0, unknown: 0 } });
      expect(fields.map((field) => [field.name, field.filled])).toEqual(CONTEXT.fields.map((field) => [field.name, 0]));
    });

    it('summarises fields that no row has a value of', async () => {
      const receipts = await stageAll(test.store, test.place, segmentOf(0), [rowAt(0, FAILED)]);
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      const { fields } = await test.reader.summarise(test.place, CONTEXT.fields);
      for (const field of fields) expect(field.filled).toBe(0);
    });
  });
}

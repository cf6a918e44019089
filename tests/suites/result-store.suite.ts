import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_TALLY, addOutcome } from '../../contracts/outcome.ts';
import type { RunPlace } from '../../contracts/run.ts';
import { StoreMismatchError } from '../../stores/ports.ts';
import type { ResultReader, ResultStore } from '../../stores/ports.ts';
import { CONTEXT, FAILED, placeIn, rowAt, rowsBetween, segmentOf, stageAll } from './store-samples.ts';

export interface ResultStoreUnderTest extends AsyncDisposable {
  readonly store: ResultStore;
  readonly reader: ResultReader;
  readonly place: RunPlace;
}

/** What every result store and its reader do; `open` gives an empty one. */
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

    it('keeps two runs apart', async () => {
      const other = { ...placeIn(test.place.store.path), store: test.place.store, key: 'another-run-0123456789' };
      await test.store.ensure(other);
      const receipts = await stageAll(test.store, test.place, segmentOf(0), rowsBetween(0, 10));
      await test.store.commit(test.place, CONTEXT, segmentOf(0), receipts);
      expect(await test.reader.list(other, { limit: 10 })).toEqual([]);
    });
  });
}

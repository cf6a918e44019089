import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecords } from '../../stores/ports.ts';
import { placeIn, runRecord } from './store-samples.ts';

export interface RunRecordsUnderTest extends AsyncDisposable {
  readonly records: RunRecords;
}

/** What every keeper of run records does; `open` gives an empty one. */
export function runRecordsSuite(name: string, open: () => Promise<RunRecordsUnderTest>): void {
  describe(`${name} as run records`, () => {
    let test: RunRecordsUnderTest;
    beforeEach(async () => {
      test = await open();
    });
    afterEach(async () => test[Symbol.asyncDispose]());
    const place = placeIn('/data');

    it('gives a run id to the first who claims it, and to nobody else', async () => {
      expect(await test.records.claim('run-1', 'execution-a', 'digest-1')).toBe(true);
      expect(await test.records.claim('run-1', 'execution-a', 'digest-1')).toBe(true);
      expect(await test.records.claim('run-1', 'execution-b', 'digest-1')).toBe(false);
      expect(await test.records.claim('run-1', 'execution-a', 'digest-2')).toBe(false);
      expect(await test.records.claim('run-2', 'execution-b', 'digest-1')).toBe(true);
    });

    it('lets exactly one of many win a claim', async () => {
      const claims = Array.from({ length: 20 }, (_, at) => test.records.claim('run-1', `execution-${at}`, 'digest'));
      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
    });

    it('keeps the last record that was written', async () => {
      const record = runRecord('run-1', '2026-01-01T00:00:00.000Z', place);
      expect(await test.records.read('run-1')).toBeUndefined();
      await test.records.write(record);
      await test.records.write({ ...record, state: 'completed' });
      expect(await test.records.read('run-1')).toEqual({ ...record, state: 'completed' });
    });

    it('keeps the name that people gave a run last, whatever is recorded later; its id stays', async () => {
      const record = runRecord('run-1', '2026-01-01T00:00:00.000Z', place);
      await test.records.write(record);
      await test.records.rename('run-1', 'north side');
      await test.records.rename('run-1', 'Nordseite ☀ "2"');
      await test.records.write({ ...record, state: 'completed' });
      const named = { ...record, state: 'completed', name: 'Nordseite ☀ "2"' };
      expect(await test.records.read('run-1')).toEqual(named);
      expect(await test.records.list()).toEqual([named]);
      expect(named.request.name).toBe('run-1');
    });

    it('gives no other run the name, and no impossible id one', async () => {
      await test.records.write(runRecord('run-1', '2026-01-01T00:00:00.000Z', place));
      await test.records.write(runRecord('run-11', '2026-01-01T00:00:00.000Z', place));
      await test.records.rename('run-11', 'eleven');
      expect((await test.records.read('run-1'))?.name).toBe('run-1');
      await expect(test.records.rename('../x', 'y')).rejects.toThrow(/no run id/);
    });

    it('lists newest first; a claim alone is no run yet', async () => {
      expect(await test.records.list()).toEqual([]);
      await test.records.claim('run-4', 'execution-a', 'digest');
      for (const [runId, day] of [
        ['run-1', '01'],
        ['run-2', '03'],
        ['run-3', '02'],
      ] as const) {
        await test.records.write(runRecord(runId, `2026-01-${day}T00:00:00.000Z`, place));
      }
      expect((await test.records.list()).map(({ runId }) => runId)).toEqual(['run-2', 'run-3', 'run-1']);
    });

    it('knows no run of an impossible id and takes none', async () => {
      expect(await test.records.read('../../etc/passwd')).toBeUndefined();
      await expect(test.records.claim('../x', 'execution-a', 'digest')).rejects.toThrow(/no run id/);
      await expect(test.records.write(runRecord('a/b/c', '2026-01-01T00:00:00.000Z', place))).rejects.toThrow(
        /no run id/,
      );
    });
  });
}

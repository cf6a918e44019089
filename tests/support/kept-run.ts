import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRecord } from '../../contracts/run.ts';
import { openParquetStores, type Stores } from '../../stores/index.ts';
import type { ResultRow } from '../../stores/ports.ts';
import { CONTEXT, placeIn, runRecord, segmentOf, stageAll } from '../suites/store-samples.ts';

/** A data folder with one run in it, as a run leaves it behind: no server is needed to read it. */
export interface KeptRun extends AsyncDisposable {
  readonly runId: string;
  readonly dir: string;
  readonly stores: Stores;
  readonly record: RunRecord;
}

/** Keeps a completed run with these rows; `more` changes its record. */
export async function keepRun(rows: readonly ResultRow[], more: Partial<RunRecord> = {}): Promise<KeptRun> {
  const dir = await mkdtemp(join(tmpdir(), 'sightline-kept-'));
  const stores = openParquetStores(dir);
  const place = placeIn(dir);
  await stores.results.ensure(place, CONTEXT.fields);
  const receipts = await stageAll(stores.results, place, segmentOf(0), rows, 5_000);
  await stores.results.commit(place, CONTEXT, segmentOf(0), receipts);
  const blank = runRecord(CONTEXT.runId, '2026-01-01T00:00:00.000Z', place);
  const record: RunRecord = {
    ...blank,
    state: 'completed',
    endedAt: '2026-01-01T00:01:00.000Z',
    plan: { ...blank.plan, total: rows.length },
    ...more,
  };
  await stores.records.write(record);
  return {
    runId: CONTEXT.runId,
    dir,
    stores,
    record,
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Flags with which a command finds the run, and no server. */
export function placesOf({ dir }: KeptRun): readonly string[] {
  return ['--data-dir', dir, '--address', '127.0.0.1:1'];
}

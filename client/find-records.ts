import type { Client } from '@temporalio/client';
import type { StoreSpec } from '../contracts/run.ts';
import type { BlobStore, ResultReader, RunRecords } from '../stores/ports.ts';
import { NoTemporalServer } from './client-errors.ts';
import { describeRun } from './find-run.ts';
import { lastKnown } from './read-run.ts';

/** Where runs keep what they have found. */
export interface RunStores {
  /** Has the records of runs. */
  home(): Promise<{ readonly records: RunRecords }>;
  of(spec: StoreSpec): Promise<{
    readonly records: RunRecords;
    readonly reader: ResultReader;
    readonly blobs: BlobStore;
  }>;
}

/** The records that have this run: at home, or where Temporal says that its results go. */
export async function findRecords(temporal: Client, stores: RunStores, runId: string): Promise<RunRecords> {
  const { records } = await stores.home();
  // A damaged record is there too, and whoever reads it says what is wrong.
  if ((await records.read(runId).catch(() => 'damaged')) !== undefined) return records;
  const store = await storeByTemporal(temporal, runId);
  return store ? (await stores.of(store)).records : records;
}

async function storeByTemporal(temporal: Client, runId: string): Promise<StoreSpec | undefined> {
  try {
    const description = await describeRun(temporal, runId);
    return description ? lastKnown(description).store : undefined;
  } catch (error) {
    if (error instanceof NoTemporalServer) return undefined;
    throw error;
  }
}

import type { RunRecord, StoreSpec } from '../contracts/run.ts';
import type { BlobStore, ResultReader, RunRecords } from '../stores/ports.ts';
import { lastKnown, type KnownRun } from './read-run.ts';

/** Where runs keep what they have found. */
export interface RunStores {
  /** Has the records of runs. */
  home(): Promise<{ readonly records: RunRecords }>;
  /** Undefined: files, which a run does not name. */
  of(spec: StoreSpec | undefined): Promise<{
    readonly records: RunRecords;
    readonly reader: ResultReader;
    readonly blobs: BlobStore;
  }>;
}

/** The record of a run: at home, or where Temporal says that its results go; `describe` is asked only for that. */
export async function findRecord(
  stores: RunStores,
  runId: string,
  describe: () => Promise<KnownRun | null>,
): Promise<RunRecord | undefined> {
  const own = await (await stores.home()).records.read(runId);
  if (own) return own;
  const description = await describe();
  if (!description) return undefined;
  return (await stores.of(lastKnown(description).store)).records.read(runId);
}

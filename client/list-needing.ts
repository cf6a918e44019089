import type { Client } from '@temporalio/client';
import type { RunRecords } from '../stores/ports.ts';
import { listUnderWay } from './list-under-way.ts';
import { listUnended } from './list-unended.ts';

/** Ids of the runs that may still need what is kept for them in a store. */
export interface NeedingRuns {
  /** They go on, or were terminated while shards of theirs still commit. */
  readonly underWay: readonly string[];
  /** Neither their record nor this server says that they have ended. */
  readonly unended: readonly string[];
}

/** The server is asked first: where it is away, no store is. */
export async function listNeeding(client: Client, open: () => Promise<RunRecords>): Promise<NeedingRuns> {
  const underWay = await listUnderWay(client);
  return { underWay, unended: await listUnended(client, await open()) };
}

import { setTimeout as delay } from 'node:timers/promises';
import type { StoreDataset } from './dataset.ts';
import { RPC, calling, codeOf, isNotFound, toStoreError } from './google-errors.ts';
import { openStream } from './open-stream.ts';
import { BLOB_TABLE, BLOBS } from './own-tables.ts';
import { smallTable } from './small-table.ts';
import { StoreUnavailableError } from '../ports.ts';

/** Google answers within seconds; what stops gRPC on its way often says nothing. */
const ANSWER_MS = 60_000;

/** What Google says about rows that are streamed here: null when they may be, else its refusal. Opens a stream that nobody uses. */
export async function streamRefusal(store: StoreDataset): Promise<string | null> {
  await calling(`create ${store.quoted(BLOB_TABLE)}`, () => smallTable(store, BLOBS).ready());
  await delay(store.connection.streamPace(Date.now()));
  const opening = openStream(store, BLOB_TABLE)
    .then(() => null)
    .catch((error: unknown) => {
      // A new table is not known at once, but only to those who may ask.
      if (isNotFound(error)) return null;
      if (codeOf(error) === RPC.permissionDenied) return (error as Error).message;
      throw toStoreError(`open a stream of ${store.path(BLOB_TABLE)}`, error);
    });
  const late = new AbortController();
  const silence = delay(ANSWER_MS, undefined, { signal: late.signal }).then(() => {
    throw new StoreUnavailableError(
      `Storage Write did not answer within ${ANSWER_MS / 1000} s. Try again, or name mode=load where gRPC does not get through.`,
    );
  });
  try {
    return await Promise.race([opening, silence]);
  } finally {
    late.abort();
    silence.catch(() => undefined);
  }
}

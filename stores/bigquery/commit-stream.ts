import { StoreUnavailableError } from '../ports.ts';
import type { StoreDataset } from './dataset.ts';
import { RPC, calling, codeOf, isNotFound, toStoreError } from './google-errors.ts';

/** What a commit was answered, as far as it matters. */
export interface CommitAnswer {
  readonly commitTime?: object | null;
  readonly streamErrors?: readonly { readonly code?: string | number | null }[] | null;
}

/** `visible`: the rows are. `gone`: the stream is. `unclear`: the stream itself must be asked. */
export type CommitState = 'visible' | 'gone' | 'unclear';

/** Words and numbers of StorageError.StorageErrorCode. */
const COMMITTED = new Set<unknown>(['STREAM_ALREADY_COMMITTED', 2]);
const NOT_FOUND = new Set<unknown>(['STREAM_NOT_FOUND', 3, 'TABLE_NOT_FOUND', 1]);

export function judgeCommit({ commitTime, streamErrors }: CommitAnswer): CommitState {
  const codes = (streamErrors ?? []).map(({ code }) => code);
  if (codes.length === 0) return commitTime ? 'visible' : 'unclear';
  if (codes.every((code) => COMMITTED.has(code))) return 'visible';
  return codes.some((code) => NOT_FOUND.has(code)) ? 'gone' : 'unclear';
}

/** Ends a stream; how many rows it has, or undefined when it does not say because it is committed or gone. */
export async function finalizeStream(store: StoreDataset, stream: string): Promise<number | undefined> {
  try {
    const answer = await store.connection.writer().finalizeWriteStream({ name: stream });
    return Number(answer.rowCount);
  } catch (error) {
    if (isNotFound(error) || codeOf(error) === RPC.failedPrecondition) return undefined;
    throw toStoreError(`finish ${stream}`, error);
  }
}

/**
 * Makes the rows of a finished stream visible. A stream is committed once, however often it is asked for, so this may be
 * repeated for ever. Throws `StoreUnavailableError` whenever the commit may still come.
 */
export async function commitStream(store: StoreDataset, table: string, stream: string): Promise<'visible' | 'gone'> {
  const writer = store.connection.writer();
  const parent = store.path(table);
  const state = await writer
    .batchCommitWriteStream({ parent, writeStreams: [stream] })
    .then(judgeCommit)
    .catch((error: unknown): CommitState => {
      if (isNotFound(error)) return 'gone';
      throw toStoreError(`commit ${stream}`, error);
    });
  switch (state) {
    case 'visible':
      return 'visible';
    case 'gone':
      return ifTableIsThere(store, table);
    case 'unclear':
      if (await isCommitted(store, stream)) return 'visible';
      throw new StoreUnavailableError(`${stream} cannot be committed yet. Try again.`);
  }
}

async function isCommitted(store: StoreDataset, stream: string): Promise<boolean> {
  return calling(`look at ${stream}`, async () => {
    const { commitTime } = await store.connection.writer().getWriteStream({ streamId: stream });
    return commitTime !== null && commitTime !== undefined;
  });
}

/** A stream that is not found may only be unknown yet, like its table. */
async function ifTableIsThere(store: StoreDataset, table: string): Promise<'gone'> {
  const [exists] = await calling(`look at ${table}`, () => store.dataset.table(table).exists());
  if (exists) return 'gone';
  throw new StoreUnavailableError(`The table ${store.quoted(table)} is not there. Bring it back, then try again.`);
}

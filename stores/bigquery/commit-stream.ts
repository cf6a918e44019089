import { StoreUnavailableError } from '../ports.ts';
import { checkThere } from './check-there.ts';
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
 * repeated for ever. Throws `StoreUnavailableError` whenever the commit may still come: `gone` is sure.
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
  if (state === 'visible') return 'visible';
  const now = await stateOf(store, table, stream);
  if (now === 'visible') return 'visible';
  // One call that does not find the stream proves nothing while another does.
  if (state === 'gone' && now === 'gone') return 'gone';
  throw new StoreUnavailableError(`${stream} cannot be committed yet. Try again.`);
}

/** What a stream says of itself, as `lookAtStream`, but `gone` only where its table is there. */
async function stateOf(store: StoreDataset, table: string, stream: string): Promise<'visible' | 'pending' | 'gone'> {
  const state = await lookAtStream(store, stream);
  if (state !== 'gone') return state;
  await checkThere(store, table);
  return 'gone';
}

/**
 * `pending` also when it is finished. `gone` is sure only once its table was seen after that: a stream that is not found may be
 * unknown yet, like its table.
 */
export async function lookAtStream(store: StoreDataset, stream: string): Promise<'visible' | 'pending' | 'gone'> {
  const found = await calling(`look at ${stream}`, async () => {
    try {
      return await store.connection.writer().getWriteStream({ streamId: stream });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  });
  if (found === undefined) return 'gone';
  return found.commitTime ? 'visible' : 'pending';
}

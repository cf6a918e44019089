import { managedwriter } from '@google-cloud/bigquery-storage';
import { StoreMismatchError, StoreUnavailableError } from '../ports.ts';
import { RPC, codeOf, toStoreError } from './google-errors.ts';

/** A row and about how many bytes it takes. */
export interface SizedRow {
  readonly row: Rows[number];
  readonly size: number;
}

type Descriptor = ConstructorParameters<typeof managedwriter.JSONWriter>[0]['protoDescriptor'];
type Rows = Parameters<managedwriter.JSONWriter['appendRows']>[0];
type PendingAppend = ReturnType<managedwriter.JSONWriter['appendRows']>;
type Answer = Awaited<ReturnType<PendingAppend['getResult']>>;

/** An append may have 20 MB at Google's, and 10 MiB at the server that stands in for it. */
const APPEND_BYTES = 6_000_000;
/** An append that is not answered by then is taken for lost. */
const ANSWER_MS = 60_000;

/** Appends rows at an offset of a stream, where those that are there already are left as they are; null: at its end. */
export async function appendRows(
  client: managedwriter.WriterClient,
  stream: string,
  protoDescriptor: Descriptor,
  offset: number | null,
  rows: readonly SizedRow[],
): Promise<void> {
  const connection = await client
    .createStreamConnection({ streamId: stream })
    .catch((error: unknown) => Promise.reject(toStoreError(`reach ${stream}`, error)));
  // What breaks the connection also fails the appends that wait; without a listener it would end the process.
  connection.onConnectionError(() => undefined);
  try {
    const writer = new managedwriter.JSONWriter({ connection, protoDescriptor });
    let at = offset;
    for (const part of splitBySize(rows, APPEND_BYTES)) {
      const pending = writer.appendRows(
        part.map(({ row }) => row),
        at,
      );
      checkAppend(stream, at, await answerOf(stream, pending));
      if (at !== null) at += part.length;
    }
  } finally {
    connection.close();
  }
}

/** In parts of at most so many bytes; a row that is larger has a part of its own. */
export function splitBySize(rows: readonly SizedRow[], maxBytes: number): readonly (readonly SizedRow[])[] {
  const parts: SizedRow[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const last = parts.at(-1);
    bytes += row.size;
    if (last && bytes <= maxBytes) last.push(row);
    else {
      parts.push([row]);
      bytes = row.size;
    }
  }
  return parts;
}

/**
 * An append that fails resolves all the same: only its answer tells. Throws unless the rows are there; the cause holds Google's
 * code where another try may help.
 */
export function checkAppend(stream: string, offset: number | null, answer: Answer): void {
  const { error } = answer;
  if (!error) return;
  const where = `at offset ${offset ?? 'any'} of ${stream}: ${error.message ?? 'no reason given'}`;
  switch (Number(error.code)) {
    case RPC.alreadyExists:
      return;
    case RPC.outOfRange:
      throw new StoreMismatchError(`A batch before this one is missing ${where}`);
    case RPC.failedPrecondition:
      throw new StoreMismatchError(`The stream takes no more rows ${where}`);
    case RPC.invalidArgument:
      throw new StoreMismatchError(`The rows were refused ${where}`);
    default:
      throw new StoreUnavailableError(`Cannot append ${where}. Try again.`, { cause: error });
  }
}

async function answerOf(stream: string, pending: PendingAppend): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new StoreUnavailableError(`${stream} did not answer within ${ANSWER_MS / 1000} s. Try again.`)),
    ANSWER_MS,
  );
  try {
    return await Promise.race([pending.getResult(), late.promise]);
  } catch (error) {
    // Some faults come as an error of the call, some as an answer that holds one.
    const code = codeOf(error);
    if (code === undefined || code === RPC.notFound) throw toStoreError(`append to ${stream}`, error);
    return { error: { code, message: error instanceof Error ? error.message : '' } };
  } finally {
    clearTimeout(timer);
  }
}

import { StoreMismatchError, StoreRefusedError, StoreUnavailableError } from '../ports.ts';

/** Of google.rpc.Code. */
export const RPC = {
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  failedPrecondition: 9,
  outOfRange: 11,
} as const;

/** The code of a failed call: an HTTP status, a `google.rpc.Code`, or undefined where there was no answer. */
export function codeOf(error: unknown): number | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'number' ? code : undefined;
}

/** Google's word for what went wrong, `notFound` and so on; the only one that a failed job has. */
export function reasonOf(error: unknown): string | undefined {
  const [first] = (error as { readonly errors?: readonly { readonly reason?: string }[] } | null)?.errors ?? [];
  return first?.reason;
}

export function isNotFound(error: unknown): boolean {
  return codeOf(error) === 404 || codeOf(error) === RPC.notFound || reasonOf(error) === 'notFound';
}

/** No rows where there is no table yet; throws everything else. */
export function emptyWithoutTable(error: unknown): readonly never[] {
  if (isNotFound(error)) return [];
  throw error;
}

/** A job id, a table or a view that is there already. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === 409 || reasonOf(error) === 'duplicate';
}

/** What a failed call means to the caller of a store. `doing` completes "Cannot ...". */
export function toStoreError(doing: string, error: unknown): unknown {
  if (isOurs(error) || isBug(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const { retryAfterMs } = Object(error) as { readonly retryAfterMs?: number };
  return new StoreUnavailableError(`Cannot ${doing}: ${firstLine(message)}. ${fixFor(error)}`, {
    cause: error,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Runs a call of Google's and translates what it throws. */
export async function calling<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toStoreError(doing, error);
  }
}

function isOurs(error: unknown): boolean {
  return (
    error instanceof StoreUnavailableError || error instanceof StoreMismatchError || error instanceof StoreRefusedError
  );
}

/** What no second try will mend: a statement that cannot be read, or a slip in this program. */
export function isBug(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const reason = reasonOf(error) ?? '';
  // Statements of two runs that change one table at the same time are refused like those that cannot be read.
  if (PASSING.has(reason) || (error instanceof Error && CROWDED.test(error.message))) return false;
  return codeOf(error) === 400 || ['invalidQuery', 'invalid'].includes(reason);
}

const CROWDED = /due to concurrent update|too many DML statements outstanding/i;

/** What BigQuery answers with 400 and is over in a while. */
const PASSING: ReadonlySet<string> = new Set([
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'resourceInUse',
  'tableUnavailable',
  'timeout',
]);

function fixFor(error: unknown): string {
  const code = codeOf(error);
  if (isNotFound(error)) return 'Bring it back where it was dropped: BigQuery keeps what was dropped for some days.';
  if (code === 401 || code === 16) return 'Give the worker credentials: gcloud auth application-default login.';
  if (code === 403 || code === 7) {
    return 'Give the worker the roles BigQuery Data Editor and BigQuery Job User, or wait where a quota is used up.';
  }
  return 'Check the connection and the credentials, then try again.';
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 300).replace(/\.$/, '');
}

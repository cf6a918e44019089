import { isSignedOut, SIGN_IN } from '../contracts/google-sign-in.ts';
import { SourceError } from './ports.ts';

interface AskedBigQuery {
  readonly path: string;
  readonly project: string;
  readonly maximumBytesBilled: number;
}

/** What a failed call to BigQuery means for the source; passes a `SourceError` through. */
export function bigQueryErrorOf({ path, project, maximumBytesBilled }: AskedBigQuery, error: unknown): Error {
  if (error instanceof SourceError) return error;
  const wrong = new Error(`Asking BigQuery for ${path} went wrong`, { cause: error });
  if (!(error instanceof Error)) return wrong;
  const { code, reason, message } = readError(error);
  const refused = (sentence: string): SourceError => new SourceError('InvalidRequest', sentence, { cause: error });
  if (isSignedOut(message)) return refused(`${path} cannot be read: ${message}; ${SIGN_IN}`);
  if (code === 401 || /unable to detect a project/i.test(message)) {
    return refused(`${path} cannot be read without credentials that are accepted; ${SIGN_IN}`);
  }
  if (PASSING.has(reason) || (typeof code === 'number' && code >= 500))
    return later(path, reason || String(code), error);
  if (reason === 'accessDenied' || code === 403) {
    return refused(
      `${path} may not be read: ${message}; this needs bigquery.jobs.create in ${project} (roles/bigquery.jobUser) and bigquery.tables.getData on the table (roles/bigquery.dataViewer)`,
    );
  }
  if (reason === 'bytesBilledLimitExceeded' || /bytes billed/i.test(message)) {
    const most = maximumBytesBilled.toLocaleString('en-US');
    return refused(
      `${path} would read more than ${most} bytes: ${message}; set filters, or raise "maximumBytesBilled"`,
    );
  }
  if (/not found in location/i.test(message)) {
    return refused(`${path}: ${message}; leave "location" out, or name the one where the data is`);
  }
  if (reason === 'notFound' || code === 404) return refused(`${path} does not exist: ${message}; check its name`);
  if (reason === 'invalidQuery') return refused(`${path}: the query cannot be run: ${message}`);
  if (reason !== '' || code === 400) return refused(`${path} cannot be read: ${message}`);
  return typeof code === 'string' || /socket|network|premature/i.test(message)
    ? later(path, typeof code === 'string' ? code : 'cut off', error)
    : wrong;
}

const PASSING: ReadonlySet<string> = new Set([
  'backendError',
  'internalError',
  'rateLimitExceeded',
  'jobRateLimitExceeded',
  'quotaExceeded',
  'tableUnavailable',
  'jobBackendError',
  'jobInternalError',
]);

function later(path: string, reason: string, cause: Error): SourceError {
  return new SourceError('SourceUnavailable', `${path} cannot be read just now (${reason})`, { cause });
}

interface ReadError {
  readonly code: unknown;
  /** As BigQuery names it; empty where it does not. */
  readonly reason: string;
  readonly message: string;
}

/** A failed job has no code, only a reason. */
function readError(error: Error): ReadError {
  const { code, errors } = error as { readonly code?: unknown; readonly errors?: readonly BigQueryProblem[] };
  const [first] = errors ?? [];
  const message = (first?.message ?? error.message).split('\n')[0] ?? '';
  return { code, reason: first?.reason ?? '', message: message.slice(0, 300).replace(/[.;\s]+$/, '') };
}

interface BigQueryProblem {
  readonly reason?: string;
  readonly message?: string;
}

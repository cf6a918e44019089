import { failed } from '../contracts/failures.ts';
import { isSignedOut } from '../contracts/google-sign-in.ts';
import { failureOfResponse } from './failure-of-response.ts';
import type { ReadFailure } from './ports.ts';

export interface AskedObject {
  readonly uri: string;
  readonly bucket: string;
  readonly name: string;
  /** The one that was asked for, if any. */
  readonly generation: string | undefined;
}

/**
 * The failure of an object that Cloud Storage answers with a status that brings none, or that could not be asked for. Throws for
 * what is none.
 */
export function failureOfObject({ uri, bucket, generation }: AskedObject, problem: unknown): ReadFailure {
  const status = statusOf(problem);
  if (status === 401 || (problem instanceof Error && isSignedOut(problem.message))) {
    return failed('ImageForbidden', `${uri} may not be read: ${NO_CREDENTIALS}`);
  }
  if (status === 403) {
    const fix = `the worker needs storage.objects.get on the bucket ${bucket}, as roles/storage.objectViewer has it`;
    return failed('ImageForbidden', `${uri} may not be read (403): ${fix}`);
  }
  if (status === 404 && generation !== undefined) {
    return failed('ImageMissing', `${uri} has no generation ${generation} (404): it was replaced or removed`);
  }
  const failure = status === undefined ? null : failureOfResponse(uri, { status, retryAfter: undefined }, 0);
  if (failure) return failure;
  const reason = connectionProblem(problem);
  if (reason !== undefined) return failed('FetchFailed', `${uri} cannot be fetched just now (${reason})`);
  throw new Error(`Fetching ${uri} went wrong`, { cause: problem });
}

const NO_CREDENTIALS =
  'the worker has no credentials that are accepted; run gcloud auth application-default login there, or set GOOGLE_APPLICATION_CREDENTIALS';

function statusOf(problem: unknown): number | undefined {
  const status = typeof problem === 'object' && problem !== null && 'status' in problem ? problem.status : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** The code of a connection that failed, or what is said of it. */
function connectionProblem(problem: unknown): string | undefined {
  if (!(problem instanceof Error)) return undefined;
  if ('code' in problem && typeof problem.code === 'string') return problem.code;
  return /premature close|socket hang up|terminated|aborted/i.test(problem.message)
    ? 'cut off'
    : connectionProblem(problem.cause);
}

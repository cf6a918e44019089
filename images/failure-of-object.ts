import { failed } from '../contracts/failures.ts';
import { failureOfResponse } from './failure-of-response.ts';
import type { ReadFailure } from './ports.ts';

export interface AskedObject {
  readonly uri: string;
  readonly bucket: string;
  /** The one that was asked for, if any. */
  readonly generation: string | undefined;
}

/** The failure that an error of the client of Cloud Storage means. Throws for what is none. */
export function failureOfObject({ uri, bucket, generation }: AskedObject, error: unknown): ReadFailure {
  if (!(error instanceof Error)) throw new Error(`Fetching ${uri} went wrong`, { cause: error });
  if (lacksCredentials(error)) return failed('ImageForbidden', `${uri} may not be read: ${NO_CREDENTIALS}`);
  const code = 'code' in error ? error.code : undefined;
  if (code === 401) return failed('ImageForbidden', `${uri} may not be read (401): ${NO_CREDENTIALS}`);
  if (code === 403) {
    const fix = `the worker needs storage.objects.get on the bucket ${bucket}, as roles/storage.objectViewer has it`;
    return failed('ImageForbidden', `${uri} may not be read (403): ${fix}`);
  }
  if (code === 404 && generation !== undefined) {
    return failed('ImageMissing', `${uri} has no generation ${generation} (404): it was replaced or removed`);
  }
  const failure = typeof code === 'number' ? failureOfResponse(uri, { status: code, retryAfter: undefined }, 0) : null;
  if (failure) return failure;
  if (typeof code === 'string' || /premature close|socket hang up|network timeout/i.test(error.message)) {
    return failed('FetchFailed', `${uri} cannot be fetched just now (${typeof code === 'string' ? code : 'cut off'})`);
  }
  throw new Error(`Fetching ${uri} went wrong`, { cause: error });
}

const NO_CREDENTIALS =
  'the worker has no credentials that are accepted; run gcloud auth application-default login there, or set GOOGLE_APPLICATION_CREDENTIALS';

/** What the library for signing in says before any request is sent. */
function lacksCredentials({ message }: Error): boolean {
  return /could not load the default credentials|invalid_grant|invalid_rapt|unable to detect a project/i.test(message);
}

import { isSignedOut, SIGN_IN } from '../contracts/google-sign-in.ts';
import { SourceError } from './ports.ts';

/** What a failed call to list a bucket means for the source. */
export function bucketErrorOf(path: string, bucket: string, error: unknown): Error {
  const wrong = new Error(`Listing ${path} went wrong`, { cause: error });
  if (!(error instanceof Error)) return wrong;
  const code = 'code' in error ? error.code : undefined;
  const refused = (sentence: string): SourceError => new SourceError('InvalidRequest', sentence, { cause: error });
  if (isSignedOut(error.message)) {
    return refused(`${path} cannot be listed: ${error.message.split('\n')[0]?.slice(0, 300)}; ${SIGN_IN}`);
  }
  if (code === 401) {
    return refused(`${path} cannot be listed without credentials that are accepted; ${SIGN_IN}`);
  }
  if (code === 403) {
    return refused(
      `${path} may not be listed; this needs storage.objects.list on the bucket ${bucket}, as roles/storage.objectViewer has it`,
    );
  }
  if (code === 404) return refused(`${path}: there is no bucket ${bucket}; check its name`);
  if (code === 400) return refused(`${path} cannot be listed: ${error.message.slice(0, 300)}`);
  if (code === undefined && !/socket|network|premature/i.test(error.message)) return wrong;
  const reason = typeof code === 'number' || typeof code === 'string' ? code : 'cut off';
  return new SourceError('SourceUnavailable', `${path} cannot be listed just now (${reason})`, { cause: error });
}

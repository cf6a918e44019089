import type { StoreSpec } from '../../contracts/run.ts';
import type { SourceSpec } from '../../contracts/source.ts';
import type { Google, GoogleService } from '../../google/open-google.ts';
import { isBucketPath } from '../../sources/bucket-folder.ts';
import { CliError } from '../cli-error.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { reasonOf } from '../reason-of.ts';
import type { GoogleConnection } from './connect-google.ts';
import type { GoogleEndpoints } from './google-endpoints.ts';

/** A connection to Google with the application's default credentials; none is exit code 4, with how to get them. */
export async function signIn(project: string, endpoints: GoogleEndpoints): Promise<GoogleConnection> {
  const { connectGoogle } = await import('./connect-google.ts');
  try {
    return await connectGoogle(project, endpoints);
  } catch (error) {
    throw notSignedIn(error);
  }
}

/** Throws the same where a source or a store is at Google, and there is nobody to ask for it as; `more` is what else can be done. */
export async function checkSignedIn(
  google: Pick<Google, 'signedIn'>,
  place: SourceSpec | StoreSpec | undefined,
  more: string = '',
): Promise<void> {
  const service = place && serviceOf(place);
  if (service === undefined) return;
  try {
    await google.signedIn(service);
  } catch (error) {
    throw notSignedIn(error, more);
  }
}

function serviceOf(place: SourceSpec | StoreSpec): GoogleService | undefined {
  if (place.kind === 'bigquery') return 'bigQuery';
  return place.kind === 'folder' && isBucketPath(place.path) ? 'storage' : undefined;
}

/** `cause`: a `NoCredentialsError`. */
export function notSignedIn(cause: unknown, more: string = ''): CliError {
  const hint =
    'Type gcloud auth application-default login, or let GOOGLE_APPLICATION_CREDENTIALS name the file of a service account.';
  return new CliError(EXIT_CODES.notSignedIn.code, `There are no credentials for Google Cloud: ${reasonOf(cause)}`, {
    hint: `${hint} ${more}`.trim(),
    cause,
  });
}

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
    throw new CliError(EXIT_CODES.notSignedIn.code, `There are no credentials for Google Cloud: ${reasonOf(error)}`, {
      hint: 'Type gcloud auth application-default login, or let GOOGLE_APPLICATION_CREDENTIALS name the file of a service account.',
      cause: error,
    });
  }
}

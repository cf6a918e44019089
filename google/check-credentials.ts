import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gcpMetadata } from 'google-auth-library';
import { checkKeyFile, type NamedKeyFile } from './check-key-file.ts';
import { NoCredentialsError } from './no-credentials-error.ts';

export interface CredentialPlaces {
  /** Default: that of this process, which is what the libraries read. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the machine says of itself that it is Google's. */
  readonly isGoogles?: () => boolean;
  /** Where metadata servers answer. */
  readonly metadataUrls?: readonly string[];
}

const METADATA_URLS = ['http://169.254.169.254', 'http://metadata.google.internal.'];
/** They answer within milliseconds. */
const METADATA_TIMEOUT_MS = 1_000;

/**
 * Throws `NoCredentialsError` within two seconds where Google's libraries would find no default credentials: they look for a metadata server again
 * and again, and print a warning. So does a file of credentials that cannot be used. Whether those that are there are accepted, only Google can say.
 */
export async function checkCredentials(places: CredentialPlaces = {}): Promise<void> {
  const { env = process.env, isGoogles = gcpMetadata.getGCPResidency, metadataUrls = METADATA_URLS } = places;
  const file = keyFile(env);
  if (file !== null) return checkKeyFile(file);
  if (saysWhere(env) || isGoogles()) return;
  try {
    await Promise.any(metadataUrls.map(findMetadata));
  } catch (cause) {
    throw new NoCredentialsError(
      'GOOGLE_APPLICATION_CREDENTIALS is not set, there is no file of default credentials, and no metadata server answers',
      { cause },
    );
  }
}

/** The file that the libraries take, and take no other when it cannot be used. */
function keyFile(env: NodeJS.ProcessEnv): NamedKeyFile | null {
  const name = ['GOOGLE_APPLICATION_CREDENTIALS', 'google_application_credentials'].find((each) => env[each]);
  const path = name === undefined ? signInFile(env) : (env[name] ?? '');
  if (name !== undefined) return { named: `${name} names ${path}`, path };
  return existsSync(path) ? { named: `the file of default credentials is ${path}`, path } : null;
}

/** Where a person has said how to look, the libraries look. */
const SAYING = ['GCE_METADATA_HOST', 'GCE_METADATA_IP', 'METADATA_SERVER_DETECTION'];

function saysWhere(env: NodeJS.ProcessEnv): boolean {
  return SAYING.some((name) => (env[name] ?? '') !== '');
}

/** What `gcloud auth application-default login` writes. */
function signInFile({ CLOUDSDK_CONFIG: folder, HOME: home = '' }: NodeJS.ProcessEnv): string {
  return join(folder || join(home, '.config', 'gcloud'), 'application_default_credentials.json');
}

async function findMetadata(url: string): Promise<void> {
  const headers = { 'metadata-flavor': 'Google' };
  const answer = await fetch(`${url}/computeMetadata/v1/instance`, {
    headers,
    signal: AbortSignal.timeout(METADATA_TIMEOUT_MS),
  });
  await answer.body?.cancel();
  if (answer.headers.get('metadata-flavor') !== 'Google') throw new Error(`${url} is no metadata server`);
}

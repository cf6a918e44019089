import { GoogleAuth, type AuthClient } from 'google-auth-library';
import { credentialsAt } from '../../google/open-google.ts';
import { unneededCredentials } from '../../google/unneeded-credentials.ts';
import type { CallGoogle } from './google-call.ts';
import type { GoogleEndpoints } from './google-endpoints.ts';

export interface GoogleConnection {
  readonly call: CallGoogle;
  /** Who the credentials belong to, as `gcloud` writes it; a person's own cannot be told. */
  readonly member: string;
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TIMEOUT_MS = 30_000;
const SOMEBODY = 'user:YOUR-ADDRESS';

/** Calls Google with the application's default credentials. Throws when there are none and one of the endpoints needs them. */
export async function connectGoogle(project: string, endpoints: GoogleEndpoints): Promise<GoogleConnection> {
  const needsOurs = Object.values({ ...endpoints }).some((endpoint) => !endpoint.startsWith('http:'));
  const { client, member } = needsOurs ? await findCredentials(project) : { client: undefined, member: SOMEBODY };
  return {
    member,
    async call({ method, url, body }) {
      const answer = await (unneededCredentials(url) ?? client ?? (await findCredentials(project)).client).request({
        method,
        url,
        timeout: TIMEOUT_MS,
        validateStatus: () => true,
        ...(body === undefined ? {} : { data: body }),
      });
      return { status: answer.status, body: answer.data };
    },
  };
}

async function findCredentials(project: string): Promise<{ readonly client: AuthClient; readonly member: string }> {
  await credentialsAt(undefined);
  const auth = new GoogleAuth({ scopes: [SCOPE], projectId: project });
  const client = await auth.getClient();
  const { client_email: email } = await auth.getCredentials().catch(() => ({ client_email: undefined }));
  return { client, member: email === undefined ? SOMEBODY : `serviceAccount:${email}` };
}

import { GoogleAuth } from 'google-auth-library';
import type { CallGoogle } from './google-call.ts';

export interface GoogleConnection {
  readonly call: CallGoogle;
  /** Who the credentials belong to, as `gcloud` writes it; a person's own cannot be told. */
  readonly member: string;
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TIMEOUT_MS = 30_000;

/** Calls Google with the application's default credentials. Throws when there are none. */
export async function connectGoogle(project: string): Promise<GoogleConnection> {
  const auth = new GoogleAuth({ scopes: [SCOPE], projectId: project });
  const client = await auth.getClient();
  const { client_email: email } = await auth.getCredentials().catch(() => ({ client_email: undefined }));
  return {
    member: email === undefined ? 'user:YOUR-ADDRESS' : `serviceAccount:${email}`,
    async call({ method, url, body }) {
      const answer = await client.request({
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

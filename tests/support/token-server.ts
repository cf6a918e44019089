import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TokenServer extends AsyncDisposable {
  /** A file for `GOOGLE_APPLICATION_CREDENTIALS` that gets its tokens here. */
  readonly credentialsFile: string;
  /** Tokens that were asked for. */
  asked(): number;
  /** What is answered from now on. Default 200. */
  answerWith(status: number): void;
}

/** Hands out access tokens for workload identity, Google's way to sign in without a key of Google's. */
export async function startTokenServer(): Promise<TokenServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-test-'));
  let asked = 0;
  let status = 200;
  const server = createServer((_, response) => {
    asked++;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? TOKEN : { error: 'invalid_grant', error_description: 'Expired' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [credentialsFile, subject] = [join(folder, 'credentials.json'), join(folder, 'subject')];
  await writeFile(subject, 'who I am');
  await writeFile(credentialsFile, JSON.stringify(credentials(`http://127.0.0.1:${port}/token`, subject)));
  return {
    credentialsFile,
    asked: () => asked,
    answerWith: (next) => {
      status = next;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const TOKEN = {
  access_token: 'any',
  issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  token_type: 'Bearer',
  expires_in: 3600,
};

function credentials(tokenUrl: string, file: string): object {
  return {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: tokenUrl,
    credential_source: { file },
  };
}

import { BigQuery } from '@google-cloud/bigquery';
import { managedwriter } from '@google-cloud/bigquery-storage';
import { Storage } from '@google-cloud/storage';
import { OAuth2Client } from 'google-auth-library';
import { grpc } from 'google-gax';

export const PROJECT = 'sightline-test';

/**
 * Credentials that no server checks; without any the clients look for a metadata server. No type fits, because each client
 * brings its own copy of google-auth-library, whose classes have private fields.
 */
export function anyCredentials(): never {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: 'any', expiry_date: 4e12 });
  return client as never;
}

/** Without the retries that hide answers of 5xx for a quarter of a minute. */
export function bigQueryClient(url: string): BigQuery {
  return new BigQuery({
    projectId: PROJECT,
    apiEndpoint: url,
    authClient: anyCredentials(),
    autoRetry: false,
    maxRetries: 0,
  });
}

export function storageClient(url: string): Storage {
  return new Storage({ projectId: PROJECT, apiEndpoint: url, authClient: anyCredentials() });
}

export function writeClient(grpcPort: number): managedwriter.WriterClient {
  return new managedwriter.WriterClient({
    projectId: PROJECT,
    apiEndpoint: '127.0.0.1',
    port: grpcPort,
    sslCreds: grpc.credentials.createInsecure(),
    authClient: anyCredentials(),
  });
}

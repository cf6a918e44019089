import { Storage, type StorageOptions } from '@google-cloud/storage';
import { unneededCredentials } from './unneeded-credentials.ts';

export interface StorageConnection {
  /** Default: Google's. */
  readonly apiEndpoint?: string;
}

/** A client of Cloud Storage that tries nothing again by itself: who asks for an image decides that. */
export function openStorage({ apiEndpoint }: StorageConnection): Storage {
  const options: StorageOptions = { retryOptions: { autoRetry: false, maxRetries: 0 } };
  if (apiEndpoint === undefined) return new Storage(options);
  const authClient = unneededCredentials(apiEndpoint);
  const client = new Storage({
    ...options,
    apiEndpoint,
    useAuthWithCustomEndpoint: true,
    ...(authClient && { projectId: 'unneeded', authClient: authClient as never }),
  });
  // Where STORAGE_EMULATOR_HOST is set, the library asks that host whatever it is given, and leaves the path of the protocol out.
  client.baseUrl = `${client.apiEndpoint}/storage/v1`;
  return client;
}

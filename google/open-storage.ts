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
  return new Storage({
    ...options,
    apiEndpoint,
    useAuthWithCustomEndpoint: true,
    ...(authClient && { projectId: 'unneeded', authClient: authClient as never }),
  });
}

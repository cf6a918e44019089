import type { BigQuery } from '@google-cloud/bigquery';
import type { Storage } from '@google-cloud/storage';
import type { AuthClient } from 'google-auth-library';
import { remembered } from '../contracts/remembered.ts';

/** Where Google Cloud answers; empty or absent: at Google. Over plain `http` no credentials are sent. */
export interface GoogleEndpoints {
  readonly bigQueryEndpoint?: string;
  readonly storageEndpoint?: string;
  /** Whose jobs read tables. Default: that of each table. */
  readonly googleCloudProject?: string;
}

/** The clients of this process, each made when it is first asked for, and then shared. */
export interface Google {
  /** Where jobs run that read a table; empty: in its own project. */
  readonly jobsProject: string;
  /** Throws `NoCredentialsError`, as all of these, within two seconds where there are no credentials and they are needed. */
  signedIn(service: GoogleService): Promise<void>;
  storage(): Promise<Storage>;
  /** Without a project that of the credentials is taken. */
  bigQuery(project?: string): Promise<BigQuery>;
}

export type GoogleService = 'bigQuery' | 'storage';

/** Connects to nothing yet. Libraries are loaded when they are needed: a command about files does not wait for them. */
export function openGoogle(options: GoogleEndpoints = {}): Google {
  const { bigQueryEndpoint, storageEndpoint, googleCloudProject: jobsProject = '' } = options;
  const endpoints = { bigQuery: bigQueryEndpoint, storage: storageEndpoint };
  const looks = new Map<GoogleService, Promise<unknown>>();
  const storages = new Map<string, Promise<Storage>>();
  const bigQueries = new Map<string, Promise<BigQuery>>();
  const signedIn = async (service: GoogleService): Promise<void> => {
    await remembered(looks, service, () => credentialsAt(endpoints[service]));
  };
  return {
    jobsProject,
    signedIn,
    storage: () => remembered(storages, '', () => signedIn('storage').then(() => loadStorage(storageEndpoint))),
    bigQuery: (project = '') =>
      remembered(bigQueries, project, () => signedIn('bigQuery').then(() => loadBigQuery(project, bigQueryEndpoint))),
  };
}

async function loadStorage(apiEndpoint: string | undefined): Promise<Storage> {
  const { openStorage } = await import('./open-storage.ts');
  return openStorage(apiEndpoint ? { apiEndpoint } : {});
}

async function loadBigQuery(project: string, apiEndpoint: string | undefined): Promise<BigQuery> {
  const { openBigQuery } = await import('./open-bigquery.ts');
  return openBigQuery({ ...(project && { project }), ...(apiEndpoint && { apiEndpoint }) });
}

/**
 * What a client needs at this address; undefined: the default credentials, which Google's libraries find by themselves. Empty or
 * undefined: Google's own address. Throws `NoCredentialsError` within two seconds where there are none.
 */
export async function credentialsAt(endpoint: string | undefined): Promise<AuthClient | undefined> {
  const { unneededCredentials } = await import('./unneeded-credentials.ts');
  const unneeded = unneededCredentials(endpoint ?? '');
  if (unneeded) return unneeded;
  const { checkCredentials } = await import('./check-credentials.ts');
  await checkCredentials();
  return undefined;
}

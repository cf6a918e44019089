import type { BigQuery } from '@google-cloud/bigquery';
import type { Storage } from '@google-cloud/storage';
import type { AuthClient } from 'google-auth-library';

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
  storage(): Promise<Storage>;
  /** Without a project that of the credentials is taken. Throws, soon, where there are no credentials and they are needed. */
  bigQuery(project?: string): Promise<BigQuery>;
}

/** Connects to nothing yet. Libraries are loaded when they are needed: a command about files does not wait for them. */
export function openGoogle(endpoints: GoogleEndpoints = {}): Google {
  const { bigQueryEndpoint, storageEndpoint, googleCloudProject: jobsProject = '' } = endpoints;
  const bigQueries = new Map<string, Promise<BigQuery>>();
  let storage: Promise<Storage> | undefined;
  return {
    jobsProject,
    storage: () => (storage ??= loadStorage(storageEndpoint)),
    bigQuery(project = '') {
      const known = bigQueries.get(project);
      if (known) return known;
      const opened = loadBigQuery(project, bigQueryEndpoint);
      bigQueries.set(project, opened);
      // Somebody may sign in meanwhile.
      opened.catch(() => bigQueries.delete(project));
      return opened;
    },
  };
}

async function loadStorage(apiEndpoint: string | undefined): Promise<Storage> {
  const { openStorage } = await import('./open-storage.ts');
  return openStorage(apiEndpoint ? { apiEndpoint } : {});
}

async function loadBigQuery(project: string, apiEndpoint: string | undefined): Promise<BigQuery> {
  await checkCredentialsAt(apiEndpoint);
  const { openBigQuery } = await import('./open-bigquery.ts');
  return openBigQuery({ ...(project && { project }), ...(apiEndpoint && { apiEndpoint }) });
}

/** Throws within two seconds where Google is asked and there are no default credentials. */
export async function checkCredentialsAt(endpoint: string | undefined): Promise<void> {
  if (endpoint && (await credentialsAt(endpoint))) return;
  const { checkCredentials } = await import('./check-credentials.ts');
  await checkCredentials();
}

/** What a client needs at this address; undefined: the credentials that Google's libraries find by themselves. */
export async function credentialsAt(endpoint: string): Promise<AuthClient | undefined> {
  const { unneededCredentials } = await import('./unneeded-credentials.ts');
  return unneededCredentials(endpoint);
}

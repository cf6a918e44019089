import { writeFile } from 'node:fs/promises';
import { SETTINGS } from '../../config/settings.ts';
import type { GeminiServer } from '../../fake-google/gemini/start-gemini.ts';
import type { BigQueryServer } from '../../fake-google/start-bigquery.ts';
import type { PermissionsServer } from '../../fake-google/start-permissions.ts';
import type { StorageServer } from '../../fake-google/start-storage.ts';
import { SAMPLE } from './sample.ts';

interface Places {
  readonly bigQuery: Pick<BigQueryServer, 'url' | 'grpcPort'>;
  readonly storage: Pick<StorageServer, 'url'>;
  readonly gemini: Pick<GeminiServer, 'url'>;
  readonly permissions: Pick<PermissionsServer, 'url'>;
}

/** Settings that point to the servers. A person's own project, credentials and keys are emptied: nothing may reach Google. */
export function environmentOf({ bigQuery, storage, gemini, permissions }: Places): Readonly<Record<string, string>> {
  return {
    [SETTINGS.store.env]: SAMPLE.store,
    [SETTINGS.bigQueryEndpoint.env]: bigQuery.url,
    [SETTINGS.bigQueryWriteEndpoint.env]: `127.0.0.1:${bigQuery.grpcPort}`,
    [SETTINGS.storageEndpoint.env]: storage.url,
    [SETTINGS.serviceUsageEndpoint.env]: permissions.url,
    [SETTINGS.resourceManagerEndpoint.env]: permissions.url,
    [SETTINGS.geminiBaseUrl.env]: gemini.url,
    [SETTINGS.geminiApiKey.env]: 'made-up',
    [SETTINGS.geminiApiKeys.env]: '',
    [SETTINGS.useVertexAi.env]: 'false',
    [SETTINGS.googleCloudProject.env]: '',
    [SETTINGS.googleCredentials.env]: '',
  };
}

/** The same two servers for commands of a person, by way of the one that is asked for permissions; it passes on all else. */
export function permissionsFirst({ url }: Pick<PermissionsServer, 'url'>): Readonly<Record<string, string>> {
  return { [SETTINGS.bigQueryEndpoint.env]: url, [SETTINGS.storageEndpoint.env]: url };
}

/** One `export` a line, for any POSIX shell. */
export async function writeEnvironment(path: string, env: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(env).map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`);
  await writeFile(path, lines.join(''));
}

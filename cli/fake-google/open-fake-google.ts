import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GeminiServer } from '../../fake-google/gemini/start-gemini.ts';
import type { BigQueryServer } from '../../fake-google/start-bigquery.ts';
import type { PermissionsServer } from '../../fake-google/start-permissions.ts';
import type { StorageServer } from '../../fake-google/start-storage.ts';
import { checkServers } from './check-servers.ts';
import { environmentOf, permissionsFirst, writeEnvironment } from './environment.ts';
import { makeSample } from './make-sample.ts';

/** Servers that stand in for Google Cloud, with a sample to work on. */
export interface FakeGoogle {
  readonly bigQueryUrl: string;
  readonly storageUrl: string;
  readonly geminiUrl: string;
  /** Settings that point to the servers, and take away what is a person's own at Google. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Writes the settings, and `more`, as a file for a shell to source; returns its path. There BigQuery and Cloud Storage are
   * reached by way of the server that knows of permissions, so that `gcloud check` has somebody to ask.
   */
  writeEnvironment(more: Readonly<Record<string, string>>): Promise<string>;
  /** Resolves when one of the servers is gone. */
  readonly exited: Promise<void>;
  /** Ends the servers, and removes the file that names them; what they keep stays. */
  close(): Promise<void>;
}

/**
 * Starts BigQuery, Cloud Storage and Gemini of `fake-google/`, which keep everything below the data folder. The first start
 * fills them. Throws `CliError` when they are not installed.
 */
export async function openFakeGoogle(dataDir: string, say: (line: string) => void): Promise<FakeGoogle> {
  await checkServers();
  const folder = join(dataDir, 'fake-google');
  const whole = join(folder, 'whole');
  // Whoever was filling this did not finish, so no run has used it.
  if (!existsSync(whole)) await rm(folder, { recursive: true, force: true });
  const { bigQuery, storage, gemini, permissions, close } = await startServers(folder);
  const envFile = join(dataDir, 'fake-google.env');
  try {
    if (!existsSync(whole)) {
      say('Filling the sample dataset and bucket; this happens once.');
      await makeSample(bigQuery, storage);
      await writeFile(whole, '');
    }
  } catch (error) {
    await close();
    throw error;
  }
  const env = environmentOf({ bigQuery, storage, gemini, permissions });
  return {
    bigQueryUrl: bigQuery.url,
    storageUrl: storage.url,
    geminiUrl: gemini.url,
    env,
    async writeEnvironment(more) {
      await writeEnvironment(envFile, { ...env, ...permissionsFirst(permissions), ...more });
      return envFile;
    },
    exited: Promise.race([bigQuery.exited, storage.exited]),
    async close() {
      await rm(envFile, { force: true });
      await close();
    },
  };
}

interface Servers {
  readonly bigQuery: BigQueryServer;
  readonly storage: StorageServer;
  readonly gemini: GeminiServer;
  readonly permissions: PermissionsServer;
  close(): Promise<void>;
}

async function startServers(folder: string): Promise<Servers> {
  const { startBigQuery } = await import('../../fake-google/start-bigquery.ts');
  const { startStorage } = await import('../../fake-google/start-storage.ts');
  const { startPermissions } = await import('../../fake-google/start-permissions.ts');
  const { startGemini } = await import('../../fake-google/gemini/start-gemini.ts');
  const bucketsFolder = join(folder, 'buckets');
  const dataFolder = join(folder, 'bigquery');
  for (const path of [bucketsFolder, dataFolder]) await mkdir(path, { recursive: true });
  await using started = new AsyncDisposableStack();
  const bigQuery = started.use(
    await startBigQuery({ dataFolder, bucketsFolder, logFile: join(folder, 'bigquery.log') }),
  );
  const storage = started.use(await startStorage({ bucketsFolder, logFile: join(folder, 'storage.log') }));
  const gemini = started.use(await startGemini());
  const permissions = started.use(await startPermissions({ bigQueryUrl: bigQuery.url, storageUrl: storage.url }));
  const kept = started.move();
  return { bigQuery, storage, gemini, permissions, close: () => kept.disposeAsync() };
}

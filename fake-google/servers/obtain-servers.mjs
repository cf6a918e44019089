import { BIGQUERY_LOCK } from './locate-servers.mjs';
import { obtainPython } from './obtain-python.mjs';
import { obtainStorageServer } from './obtain-storage-server.mjs';

/**
 * Gets the servers that stand in for BigQuery and Cloud Storage; does nothing when they are there. Throws `ServerMissingError`.
 * @param {{ readonly say: (line: string) => void, readonly env?: NodeJS.ProcessEnv }} options `say` takes one line for a person
 */
export async function obtainServers(options) {
  await obtainPython({ ...options, name: 'bqemulator', lockFile: BIGQUERY_LOCK, about: 'the stand-in for BigQuery' });
  await obtainStorageServer(options);
}

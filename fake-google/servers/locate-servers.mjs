import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../processes/cache-folder.mjs';

/** The release of fake-gcs-server that stands in for Cloud Storage. */
export const STORAGE_SERVER_VERSION = '1.55.1';

/** Exact versions of everything that the stand-in for BigQuery is made of. */
export const BIGQUERY_LOCK = fileURLToPath(new URL('../bigquery/bqemulator.lock.txt', import.meta.url));

/** Written when an installation is whole. */
const WHOLE = 'whole';

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */

/**
 * Folder of a Python environment with the packages of a lock file; another lock file is another folder.
 * @param {string} name
 * @param {string} lockFile
 * @param {Environment} [env]
 */
export function pythonFolder(name, lockFile, env = process.env) {
  const digest = createHash('sha256').update(readFileSync(lockFile)).digest('hex').slice(0, 12);
  return join(cacheFolder(env), name, digest);
}

/** @param {string} folder */
export function pythonIn(folder) {
  return join(folder, 'bin', 'python');
}

/**
 * The Python that runs the stand-in for BigQuery.
 * @param {Environment} [env]
 */
export function bigQueryPython(env = process.env) {
  return pythonIn(pythonFolder('bqemulator', BIGQUERY_LOCK, env));
}

/** @param {Environment} [env] */
export function storageServerPath(env = process.env) {
  return join(cacheFolder(env), 'fake-gcs-server', STORAGE_SERVER_VERSION, 'fake-gcs-server');
}

/** @param {string} folder */
export function wholeMark(folder) {
  return join(folder, WHOLE);
}

/** @param {string} path */
export async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

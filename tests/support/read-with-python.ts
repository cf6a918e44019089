import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonFolder, pythonIn } from '../../fake-google/servers/locate-servers.mjs';
import { PROJECT } from './google-clients.ts';

const READER = fileURLToPath(new URL('read-with-python.py', import.meta.url));
const CLIENT_LOCK = fileURLToPath(new URL('bigquery-client.lock.txt', import.meta.url));
const MAX_BYTES = 100_000_000;

/** What Google's Python client gives for a query to the server at this address. */
export async function readWithPython(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const python = pythonIn(pythonFolder('bigquery-client', CLIENT_LOCK));
  const { stdout } = await promisify(execFile)(python, [READER, url, PROJECT, sql], { maxBuffer: MAX_BYTES });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

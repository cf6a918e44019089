import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../processes/free-port.ts';
import { STORAGE_SERVER_VERSION, storageServerPath } from './servers/locate-servers.mjs';
import { startProcess } from './servers/start-process.ts';
import type { ServerProcess } from './servers/start-process.ts';
import { untilReady } from './servers/until-ready.ts';

export interface StorageOptions {
  /** Keeps the buckets, a folder each; objects are files named as they are. */
  readonly bucketsFolder: string;
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** File that the server's log is appended to. Default: only the last lines are kept, for error messages. */
  readonly logFile?: string;
}

export interface StorageServer extends Omit<ServerProcess, 'firstLine'> {
  /** `http://127.0.0.1:<port>`: the `apiEndpoint` of `@google-cloud/storage`. */
  readonly url: string;
  readonly port: number;
  readonly bucketsFolder: string;
}

const NAME = `fake-gcs-server ${STORAGE_SERVER_VERSION}`;
const POLL_MS = 20;

/** Starts fake-gcs-server, which speaks the protocol of Cloud Storage. Resolves when it answers; throws when it does not start. */
export async function startStorage({ bucketsFolder, port, logFile }: StorageOptions): Promise<StorageServer> {
  const host = `127.0.0.1:${port ?? (await freePort())}`;
  const url = `http://${host}`;
  const server = await startProcess({
    name: NAME,
    program: storageServerPath(),
    args: storageArguments(bucketsFolder, host),
    logFile,
  });
  await untilReady(NAME, server, untilHealthy(url, server.exited));
  return { ...server, url, port: Number(new URL(url).port), bucketsFolder };
}

function storageArguments(bucketsFolder: string, host: string): string[] {
  const [address = '', port = ''] = host.split(':');
  return [
    '-scheme=http',
    `-host=${address}`,
    `-port=${port}`,
    '-backend=filesystem',
    `-filesystem-root=${bucketsFolder}`,
    // Downloads and resumable uploads are sent to these; the defaults point elsewhere.
    `-public-host=${host}`,
    `-external-url=http://${host}`,
    '-log-level=error',
  ];
}

async function untilHealthy(url: string, exited: Promise<void>): Promise<void> {
  const gone = new AbortController();
  void exited.then(() => gone.abort());
  while (!gone.signal.aborted && !(await isHealthy(url))) await delay(POLL_MS);
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_internal/healthcheck`)).ok;
  } catch {
    return false;
  }
}

import { fileURLToPath } from 'node:url';
import { bigQueryPython } from './servers/locate-servers.mjs';
import { startProcess } from './servers/start-process.ts';
import type { ServerProcess } from './servers/start-process.ts';
import { untilReady } from './servers/until-ready.ts';

export interface BigQueryOptions {
  /** Keeps the tables, over `kill` too. Default: in memory. */
  readonly dataFolder?: string;
  /** Folder that `gs://bucket/object` maps to in load jobs: that of the stand-in for Cloud Storage. Default: none. */
  readonly bucketsFolder?: string;
  /** Ports on 127.0.0.1. Default: free ones. */
  readonly restPort?: number;
  readonly grpcPort?: number;
  /** File that the server's log is appended to. Default: only the last lines are kept, for error messages. */
  readonly logFile?: string;
}

export interface BigQueryServer extends Omit<ServerProcess, 'firstLine'> {
  /** `http://127.0.0.1:<restPort>`: the `apiEndpoint` of `@google-cloud/bigquery`. */
  readonly url: string;
  readonly restPort: number;
  /** Port of the Storage Write and Read services, without TLS. */
  readonly grpcPort: number;
}

const NAME = 'The stand-in for BigQuery';
const LAUNCHER = fileURLToPath(new URL('./bigquery/launch_bqemulator.py', import.meta.url));

/**
 * Starts bqemulator, which speaks BigQuery's REST and Storage Write protocols, with what `bigquery/bqemulator_fidelity.py` adds
 * to it. Resolves when it answers; throws when it does not start.
 */
export async function startBigQuery(options: BigQueryOptions = {}): Promise<BigQueryServer> {
  const server = await startProcess({
    name: NAME,
    program: bigQueryPython(),
    args: launcherArguments(options),
    env: launcherEnvironment(process.env),
    logFile: options.logFile,
  });
  const { restPort, grpcPort } = await untilReady(NAME, server, server.firstLine.then(readReadyLine));
  return { ...server, url: `http://127.0.0.1:${restPort}`, restPort, grpcPort };
}

function launcherArguments({ dataFolder, bucketsFolder, restPort = 0, grpcPort = 0 }: BigQueryOptions): string[] {
  return [
    LAUNCHER,
    '--strict',
    `--rest-port=${restPort}`,
    `--grpc-port=${grpcPort}`,
    ...(dataFolder === undefined ? [] : [`--data-dir=${dataFolder}`]),
    ...(bucketsFolder === undefined ? [] : [`--gcs-root=${bucketsFolder}`]),
  ];
}

/** A person's settings for Python, and for another emulator, do not reach this one; nor does it write beside its sources. */
function launcherEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(PYTHON|BQEMU_)/.test(name));
  return { ...Object.fromEntries(kept), PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' };
}

function readReadyLine(line: string | undefined): { restPort: number; grpcPort: number } {
  if (line === undefined) throw new Error('it said nothing');
  const { restPort, grpcPort } = JSON.parse(line) as { restPort?: unknown; grpcPort?: unknown };
  if (typeof restPort !== 'number' || typeof grpcPort !== 'number') throw new Error(`it said: ${line}`);
  return { restPort, grpcPort };
}

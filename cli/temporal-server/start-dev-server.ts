import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { devServerArguments, type DevServerChoices } from './dev-server-arguments.ts';
import { freePort, portIsFree } from '../../processes/free-port.ts';
import { openServerLog } from '../../processes/server-log.ts';
import type { ServerLog } from '../../processes/server-log.ts';
import { stopWhenWeDie } from '../../processes/stop-when-we-die.ts';
import { untilServing } from './until-serving.ts';

export interface DevServerOptions extends DevServerChoices {
  /** Path of the `temporal` program. */
  readonly binary: string;
  /** Port of the gRPC service on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** Port of the Web UI on 127.0.0.1, or `off` for none. Default: `off`. */
  readonly ui?: number | 'free' | 'off';
  /** File that the server's log is appended to. Default: only the last lines are kept, for error messages. */
  readonly logFile?: string;
  /** How long the server may take until it answers, in ms. Default 30,000. */
  readonly startTimeoutMs?: number;
}

export interface DevServer {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** Where a browser finds the Web UI; undefined without one. */
  readonly uiUrl: string | undefined;
  /** Process id of the server itself. */
  readonly pid: number;
  /** Resolves when the server is gone, for whatever reason. */
  readonly exited: Promise<void>;
  /** The last lines of its log. */
  logTail(): string;
  /** Asks the server to end, insists after 5 s, and resolves when it is gone. Repeating it is harmless. */
  stop(): Promise<void>;
  /** Ends the server at once (SIGKILL) and resolves when it is gone. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The server could not be started; the message is for a person. */
export class DevServerError extends Error {
  override name = 'DevServerError';
  /** `port-taken` when a port that was asked for belongs to another program, `port-lost` when a free one was taken meanwhile. */
  readonly reason: 'port-taken' | 'port-lost' | 'not-started';

  constructor(reason: DevServerError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 5_000;
const PORT_ATTEMPTS = 4;
/** What the server says, often before a long stack, of a port that it cannot have: one of ours or of those that it chooses for itself. */
const PORT_LOST = ['address already in use', 'failed to assign a free port'];

/**
 * Starts Temporal's development server with the settings that Sightline needs, and resolves when it answers and knows the
 * search attributes. It runs in its own process group (Ctrl-C in a terminal does not reach it) and ends when this process
 * ends, however that happens. Throws `DevServerError`.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  for (const port of [options.port, options.ui]) {
    if (typeof port === 'number' && !(await portIsFree(port))) {
      throw new DevServerError(
        'port-taken',
        `Port ${port} on 127.0.0.1 is taken by another program. Stop it, or choose another port.`,
      );
    }
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(options);
    } catch (error) {
      // A free port may be taken by somebody else before the server binds it.
      const isLost = error instanceof DevServerError && error.reason === 'port-lost';
      if (isLost && options.port === undefined && attempt < PORT_ATTEMPTS) continue;
      throw error;
    }
  }
}

async function launch(options: DevServerOptions): Promise<DevServer> {
  const port = options.port ?? (await freePort());
  const uiPort = options.ui === 'free' ? await freePort() : options.ui === 'off' ? undefined : options.ui;
  if (options.dbFile !== undefined) await mkdir(dirname(options.dbFile), { recursive: true });
  const log = await openServerLog(options.logFile);
  const child = spawn(options.binary, devServerArguments(options, port, uiPort), {
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
    env: withoutTemporalSettings(process.env),
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await once(child, 'spawn');
  } catch (cause) {
    log.close();
    throw new DevServerError('not-started', `${options.binary} cannot be run: ${messageOf(cause)}`, { cause });
  }
  const server = handleOf(child, exited, log, port, uiPort);
  try {
    await untilServing({
      address: server.address,
      namespaces: ['default', ...(options.namespaces ?? [])],
      timeoutMs: options.startTimeoutMs ?? START_TIMEOUT_MS,
      exited,
    });
  } catch (cause) {
    await server.kill();
    const reason = log.saysAny(PORT_LOST) ? 'port-lost' : 'not-started';
    log.close();
    const tail = log.tail();
    const message = `The Temporal server did not start: ${messageOf(cause)}${tail === '' ? '' : `\n${tail}`}`;
    throw new DevServerError(reason, message, { cause });
  }
  void exited.then(() => log.close());
  return server;
}

function handleOf(
  child: ChildProcess,
  exited: Promise<void>,
  log: ServerLog,
  port: number,
  uiPort: number | undefined,
): DevServer {
  const pid = child.pid;
  if (pid === undefined) throw new Error('a child that was spawned has no pid');
  stopWhenWeDie(pid, exited);
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) signalGroup(pid, signal);
    await exited;
  };
  const stop = async (): Promise<void> => {
    const insist = setTimeout(() => void end('SIGKILL'), STOP_GRACE_MS);
    await end('SIGTERM').finally(() => clearTimeout(insist));
  };
  return {
    address: `127.0.0.1:${port}`,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    pid,
    exited,
    logTail: () => log.tail(),
    stop,
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: stop,
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A person's TEMPORAL_* settings point at other servers; this one is configured by its arguments alone. */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openServerLog } from '../../processes/server-log.ts';
import { stopWhenWeDie } from '../../processes/stop-when-we-die.ts';

export interface ProcessOptions {
  /** What messages call it. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** File that its log is appended to. Default: only the last lines are kept, for error messages. */
  readonly logFile?: string | undefined;
}

export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** First line on its standard output; undefined when that ends without one. */
  readonly firstLine: Promise<string | undefined>;
  /** Resolves when it is gone, for whatever reason. */
  readonly exited: Promise<void>;
  /** The last lines of its log. */
  logTail(): string;
  /** Asks it to end, insists after 5 s, and resolves when it is gone. Repeating it is harmless. */
  close(): Promise<void>;
  /** Ends it at once (SIGKILL) and resolves when it is gone. */
  kill(): Promise<void>;
}

const STOP_GRACE_MS = 5_000;

/** Starts a server in its own process group; it ends when this process ends, however that happens. */
export async function startProcess({ name, program, args, env, logFile }: ProcessOptions): Promise<ServerProcess> {
  const log = await openServerLog(logFile);
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', log.fd],
    detached: true,
    ...(env !== undefined && { env }),
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await once(child, 'spawn');
  } catch (cause) {
    log.close();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${name} cannot be run: ${why}. Run: node scripts/setup.mjs --google-servers`, { cause });
  }
  const { pid, stdout } = child;
  if (pid === undefined || stdout === null) throw new Error('a child that was spawned has no pid or no pipe');
  stopWhenWeDie(pid, exited);
  void exited.then(() => log.close());
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) signalGroup(pid, signal);
    await exited;
  };
  const close = async (): Promise<void> => {
    const insist = setTimeout(() => void end('SIGKILL'), STOP_GRACE_MS);
    await end('SIGTERM').finally(() => clearTimeout(insist));
  };
  return {
    pid,
    firstLine: firstLineOf(stdout),
    exited,
    logTail: () => log.tail(),
    close,
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: close,
  };
}

/** The rest is read too, so that a full pipe stops nobody. */
async function firstLineOf(stdout: NodeJS.ReadableStream): Promise<string | undefined> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: stdout });
    lines.on('line', (line) => resolve(line));
    lines.once('close', () => resolve(undefined));
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

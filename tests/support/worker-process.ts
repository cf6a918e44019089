import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../workers/main.ts', import.meta.url));
/** Kills itself at a step of its store: see there. */
export const KILLABLE_MAIN = fileURLToPath(new URL('killable-worker.ts', import.meta.url));

export interface WorkerProcess {
  readonly pid: number;
  /** Resolves when it is gone, with its exit code; null when it was killed. */
  readonly exited: Promise<number | null>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Every log line so far, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
}

/** Starts a worker as a process of its own and resolves when it polls. */
export async function spawnWorkerProcess(
  cwd: string,
  env: Readonly<Record<string, string>>,
  main = MAIN,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [main], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const log: Record<string, unknown>[] = [];
  const polling = Promise.withResolvers<void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    const entry = parse(line);
    log.push(entry);
    if (entry['msg'] === 'worker is polling') polling.resolve();
  });
  void exited.then(() => polling.reject(new Error(`the worker ended: ${JSON.stringify(log.at(-1))}`)));
  await polling.promise;
  return {
    pid: child.pid!,
    exited: exited.then(([code]) => code),
    log,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { msg: line };
  }
}

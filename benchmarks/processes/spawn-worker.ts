import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { stopWhenWeDie } from '../../processes/stop-when-we-die.ts';

export interface WorkerProcess extends AsyncDisposable {
  readonly pid: number;
  /** Lines on stderr that a healthy worker does not write: warnings and errors. */
  readonly complaints: readonly string[];
}

/** Starts a worker as a process of its own; resolves when it polls. Disposing it asks it to end and waits for that. */
export async function spawnWorker(
  main: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [main], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the worker could not be started');
  const exited = once(child, 'exit').then(() => undefined);
  stopWhenWeDie(pid, exited);
  const complaints: string[] = [];
  const polling = Promise.withResolvers<void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.includes('worker is polling')) polling.resolve();
    else if (!/^\{"level":(10|20|30)\b/.test(line)) complaints.push(line);
  });
  void exited.then(() => polling.reject(new Error(`the worker ended before it polled\n${complaints.join('\n')}`)));
  await polling.promise;
  return {
    pid,
    complaints,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await exited.finally(() => clearTimeout(insist));
    },
  };
}

const STOP_GRACE_MS = 15_000;

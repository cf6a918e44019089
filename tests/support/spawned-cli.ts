import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './rig.ts';

export interface SpawnedCli {
  readonly pid: number;
  out(): string;
  err(): string;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the text has been written to stdout or stderr. */
  says(text: string): Promise<void>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/** The command line in a process of its own, in a process group of its own. */
export function spawnCli(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): SpawnedCli {
  const child = spawn(process.execPath, [MAIN, ...argv], {
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the command line could not be started');
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  let isOver = false;
  void ended.then(() => (isOver = true));
  return {
    pid,
    out: () => out,
    err: () => err,
    kill: (signal) => process.kill(pid, signal),
    async says(text) {
      await until(
        async () => ({ out, err, isOver }),
        (now) => now.isOver || (now.out + now.err).includes(text),
        `${argv.join(' ')} to say "${text}"`,
      );
      if (!(out + err).includes(text)) throw new Error(`it ended without saying "${text}":\n${out}${err}`);
    },
    ended,
  };
}

import { tmpdir } from 'node:os';
import type { CliIo } from '../../cli/cli-io.ts';
import { runCli } from '../../cli/run-cli.ts';
import type { ExitCode } from '../../cli/exit-codes.ts';

export interface RecordedIo extends CliIo {
  readonly out: () => string;
  readonly err: () => string;
  /** As Ctrl-C does. */
  interrupt(): void;
}

export interface IoChoice {
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly workingDir?: string;
  /** What comes through standard input. Default: it is a terminal. */
  readonly stdin?: string | Uint8Array;
}

/** The world of a command, kept in memory. */
export function recordedIo(choice: IoChoice = {}): RecordedIo {
  const written = { out: '', err: '' };
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  const stream = (name: 'out' | 'err'): CliIo['stdout'] => ({
    write: (text) => {
      written[name] += text;
    },
    isTerminal: choice.terminal ?? false,
    columns: () => choice.columns ?? 100,
  });
  const { stdin } = choice;
  return {
    stdin: {
      isTerminal: stdin === undefined,
      async *chunks() {
        yield Buffer.from(stdin ?? '');
      },
    },
    stdout: stream('out'),
    stderr: stream('err'),
    env: choice.env ?? {},
    workingDir: choice.workingDir ?? tmpdir(),
    out: () => written.out,
    err: () => written.err,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    interrupt() {
      for (const listener of listeners) listener('SIGINT');
    },
    exitNow(code) {
      throw new Error(`left at once with ${code}`);
    },
  };
}

/** What programs are given: no control character but tabs and newlines. */
export const PIPED = /^[\P{Cc}\n\t]*$/u;

export interface CliResult {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process. */
export async function cli(argv: readonly string[], choice: IoChoice = {}): Promise<CliResult> {
  const io = recordedIo(choice);
  const code = await runCli(argv, io);
  return { code, out: io.out(), err: io.err() };
}

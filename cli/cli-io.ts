/** What a command has of the world: handed in, so that tests can watch it. */
export interface CliIo {
  readonly stdin: CliInput;
  readonly stdout: CliStream;
  readonly stderr: CliStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDir: string;
  /** Calls `listener` at each Ctrl-C or request to end, until the returned function is called. */
  onInterrupt(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Ends the process at once. */
  exitNow(code: number): never;
}

export interface CliInput {
  readonly isTerminal: boolean;
  /** What comes in, to its end. */
  chunks(): AsyncIterable<Uint8Array>;
}

export interface CliStream {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width in characters. */
  columns(): number;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The real one. */
export function processIo(): CliIo {
  return {
    stdin: { isTerminal: process.stdin.isTTY, chunks: () => process.stdin },
    stdout: streamOf(process.stdout),
    stderr: streamOf(process.stderr),
    env: process.env,
    workingDir: process.cwd(),
    onInterrupt(listener) {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
    exitNow: (code) => process.exit(code),
  };
}

function streamOf(stream: NodeJS.WriteStream): CliStream {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY && process.env['TERM'] !== 'dumb',
    columns: () => (stream.isTTY ? stream.columns : 100),
  };
}

import { isAbsolute, relative, resolve } from 'node:path';
import { styleText } from 'node:util';
import type { Sightline } from '../client/main.ts';
import { isAddress } from '../contracts/asset.ts';
import type { RunState } from '../contracts/run.ts';
import { SETTINGS } from '../config/settings.ts';
import type { CliIo } from './cli-io.ts';
import { cleanText } from './output/clean-text.ts';
import { shellWord } from './output/shell-word.ts';
import { formatTime, type TimeFormat } from './output/time.ts';
import { formatList, formatTable, formatTsv, type TableColumn } from './output/table.ts';
import { toSnakeCase } from './to-snake-case.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly debug?: boolean;
  readonly dataDir?: string;
  readonly address?: string;
  readonly timeFormat?: TimeFormat;
  readonly screenReader?: boolean;
}

/** What a command works with. Data goes to stdout, talk to stderr. */
export interface CliContext {
  readonly io: CliIo;
  readonly globals: GlobalOptions;
  /** Data, with a newline. */
  print(text: string): void;
  /** Data as JSON in snake_case. */
  printJson(value: unknown): void;
  /** Rows for a person on a terminal or with a screen reader, otherwise for a program. */
  printTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): void;
  /** A time in the format that --time-format asks for, otherwise in that of the place. */
  time(iso: string, ordinary: TimeFormat): string;
  /** Nothing is painted over, nothing is cut. */
  readonly forScreenReader: boolean;
  /** Talk, with a newline; nothing with --quiet. */
  say(text: string): void;
  /** Says which command to type next, with the places that this one was given. */
  next(command: string): void;
  /** `sightline …` as a person types it, with the places that this command was given. */
  command(command: string): string;
  /** As a shell needs it. */
  word(text: string): string;
  /** Short for people: relative when it is below the working folder. Addresses stay as they are. */
  showPath(path: string): string;
  paint(state: RunState, text: string): string;
  connect(): Promise<Sightline>;
}

export const PROGRAM = 'npx sightline';

export function createContext(io: CliIo, globals: GlobalOptions): CliContext {
  const coloured = wantsColour(io, globals);
  const forScreenReader = globals.screenReader === true || io.env[SETTINGS.screenReader.env] === '1';
  const context: CliContext = {
    io,
    globals,
    print: (text) => io.stdout.write(`${text}\n`),
    printJson: (value) => io.stdout.write(`${JSON.stringify(toSnakeCase(value), null, 2)}\n`),
    printTable(columns, rows) {
      if (forScreenReader) context.print(formatList(columns, rows));
      else if (io.stdout.isTerminal) context.print(formatTable(columns, rows, io.stdout.columns()));
      else context.print(formatTsv(columns, rows));
    },
    time: (iso, ordinary) => formatTime(iso, globals.timeFormat ?? ordinary, Date.now()),
    forScreenReader,
    say(text) {
      if (globals.quiet !== true) io.stderr.write(`${text}\n`);
    },
    next: (command) => context.say(`Next: ${context.command(command)}`),
    command: (command) => [PROGRAM, command, ...places(globals)].join(' '),
    word: (text) => shellWord(cleanText(text)),
    showPath(path) {
      if (isAddress(path)) return cleanText(path);
      const below = relative(io.workingDir, path);
      return cleanText(below !== '' && !below.startsWith('..') && !isAbsolute(below) ? below : path);
    },
    paint: (state, text) => (coloured ? styleText(COLOURS[state], text, { validateStream: false }) : text),
    async connect() {
      const { connectSightline } = await import('../client/main.ts');
      return connectSightline({
        ...(globals.address === undefined ? {} : { address: globals.address }),
        ...(globals.dataDir === undefined ? {} : { dataDir: resolve(io.workingDir, globals.dataDir) }),
        onWarning: (message) => context.say(`Warning: ${cleanText(message)}`),
      });
    },
  };
  return context;
}

const COLOURS: Readonly<Record<RunState, 'green' | 'yellow' | 'red' | 'cyan'>> = {
  preparing: 'cyan',
  running: 'cyan',
  pausing: 'yellow',
  paused: 'yellow',
  verifying: 'cyan',
  cancelling: 'yellow',
  completed: 'green',
  cancelled: 'yellow',
  failed: 'red',
  terminated: 'red',
};

/** https://no-color.org and https://force-color.org; a flag wins. */
function wantsColour({ stdout, env }: CliIo, globals: GlobalOptions): boolean {
  if (globals.color === false || globals.json === true) return false;
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return stdout.isTerminal;
}

function places({ dataDir, address }: GlobalOptions): readonly string[] {
  return [
    ...(dataDir === undefined ? [] : ['--data-dir', shellWord(dataDir)]),
    ...(address === undefined ? [] : ['--address', shellWord(address)]),
  ];
}

import type { Command } from 'commander';
import { createContext, PROGRAM, type CliContext, type GlobalOptions } from './cli-context.ts';
import type { CliIo } from './cli-io.ts';
import { CliError, usageError } from './cli-error.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';

export interface CommandSpec<Options> {
  /** Words after `sightline`, with arguments: `runs start <source>`. */
  readonly usage: string;
  readonly summary: string;
  /** Command lines without the name of the program. */
  readonly examples: readonly string[];
  /** Adds options. */
  readonly options?: (command: Command) => void;
  /** `args` are the arguments as they were typed. */
  readonly run: (context: CliContext, options: Options, args: readonly string[]) => Promise<ExitCode>;
}

/** One entry of the table of commands. */
export interface CommandEntry {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** Puts the command under its parent; `done` gets the exit code. */
  add(parent: Command, io: CliIo, done: (code: ExitCode) => void): void;
}

export function defineCommand<Options>(spec: CommandSpec<Options>): CommandEntry {
  const { usage, summary, examples, options, run } = spec;
  return {
    usage,
    summary,
    examples,
    add(parent, io, done) {
      // The name of a group is the parent's, not the command's.
      const group = `${parent.name()} `;
      const command = parent.command(usage.startsWith(group) ? usage.slice(group.length) : usage);
      command.summary(summary).configureHelp({ showGlobalOptions: true });
      // People read examples first.
      const lines = examples.map((example) => `  $ ${PROGRAM} ${example}`);
      command.addHelpText('before', [`${summary}.`, '', 'Examples:', ...lines, ''].join('\n'));
      options?.(command);
      command.action(async () => {
        const context = createContext(io, command.optsWithGlobals<GlobalOptions>());
        try {
          done(await run(context, command.opts<Options & GlobalOptions>(), command.args));
        } catch (error) {
          throw withHelp(error, usage);
        }
      });
    },
  };
}

/** Who used a command in a wrong way, and is not told otherwise, is pointed to its help. */
function withHelp(error: unknown, usage: string): unknown {
  if (!(error instanceof CliError) || error.exitCode !== EXIT_CODES.usage.code || error.hint !== undefined)
    return error;
  const words = usage.split(' ').filter((word) => /^[a-z]/.test(word));
  return usageError(error.message, `See: ${PROGRAM} ${words.join(' ')} --help`);
}

import { Command, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { PROGRAM, type GlobalOptions } from './cli-context.ts';
import type { CliIo } from './cli-io.ts';
import { addCompleteCommand } from './completion/add-complete-command.ts';
import { COMMANDS, GROUPS } from './command-table.ts';
import { EXIT_CODES, exitCodesText, type ExitCode } from './exit-codes.ts';
import { TIME_FORMATS } from './output/time.ts';
import { reportOf, writeReport } from './report-error.ts';

/** Runs one command line (without the name of the program) and returns its exit code. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  let code: ExitCode = EXIT_CODES.ok.code;
  const program = createProgram(io, (ended) => {
    code = ended;
  });
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    const report = reportOf(error);
    writeReport(io, report, error, { json: argv.includes('--json'), debug: argv.includes('--debug') });
    return report.exitCode;
  }
}

/** The whole command line; `done` gets the exit code of the command that ran. */
export function createProgram(io: CliIo, done: (code: ExitCode) => void): Command {
  const program = new Command('sightline')
    .description(`${packageJson.description}.`)
    .version(packageJson.version)
    .usage('<command> [options]')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => io.stdout.columns(),
      getErrHelpWidth: () => io.stderr.columns(),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .option('--json', 'print data as JSON')
    .option('--quiet', 'print ids only, and no talk')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addOption(
      new Option('--time-format <format>', 'how times are shown; raw is as they are stored').choices(TIME_FORMATS),
    )
    .option('--screen-reader', 'paint nothing over, cut nothing, no tables (SIGHTLINE_SCREEN_READER=1)')
    .option('--debug', 'print stack traces of errors')
    .option('--data-dir <folder>', 'data folder of the workers (SIGHTLINE_DATA_DIR; default .sightline)')
    .option('--address <host:port>', 'Temporal server (TEMPORAL_ADDRESS; default localhost:7233)')
    .addHelpText('before', firstSteps())
    .addHelpText('after', `\nExit codes: ${PROGRAM} help exit-codes`);
  const groups = new Map(
    Object.entries(GROUPS).map(([name, summary]) => [name, program.command(name).description(summary)]),
  );
  for (const entry of COMMANDS) {
    const [first = ''] = entry.usage.split(' ');
    entry.add(groups.get(first) ?? program, io, done);
  }
  addHelpCommand(program, io);
  addCompleteCommand(program, io);
  nameInErrors(program, []);
  return program;
}

/** An error of the command line tells whose help to read. */
function nameInErrors(command: Command, words: readonly string[]): void {
  command.exitOverride((error) => {
    throw Object.assign(error, { commandWords: words });
  });
  for (const child of command.commands) nameInErrors(child, [...words, child.name()]);
}

function firstSteps(): string {
  return [
    'First steps:',
    `  $ ${PROGRAM} demo                        everything once, on pictures that it makes itself`,
    `  $ ${PROGRAM} try photo.jpg               one image, without any server`,
    `  $ ${PROGRAM} dev                         a Temporal server and a worker, until Ctrl-C`,
    `  $ ${PROGRAM} runs start photos --wait    a run over a folder, in another terminal`,
    '',
  ].join('\n');
}

function addHelpCommand(program: Command, io: CliIo): void {
  program.helpCommand(false);
  program
    .command('help [words...]')
    .summary('Help on a command, or on exit-codes')
    .action((words: readonly string[]) => {
      if (words[0] === 'exit-codes') return io.stdout.write(exitCodesText(program.opts<GlobalOptions>()));
      const found = words.reduce<Command | undefined>(
        (at, word) => at?.commands.find((command) => command.name() === word),
        program,
      );
      if (found) return found.outputHelp();
      return program.error(`unknown command '${words.join(' ')}'`, { code: 'commander.unknownCommand' });
    });
}

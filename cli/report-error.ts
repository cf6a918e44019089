import { CommanderError } from 'commander';
import { noCredentialsIn } from '../google/no-credentials-error.ts';
import { isClientError, type ClientErrorCode } from '../client/client-errors.ts';
import { CliError } from './cli-error.ts';
import { PROGRAM } from './cli-context.ts';
import type { CliIo } from './cli-io.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import { notSignedIn } from './gcloud/sign-in.ts';
import { cleanLines } from './output/clean-text.ts';
import { reasonOf } from './reason-of.ts';

export interface Report {
  readonly exitCode: ExitCode;
  /** One sentence; empty when everything has been said. */
  readonly message: string;
  readonly hint?: string;
  readonly type: string;
}

/** What an error means to a person. */
export function reportOf(error: unknown): Report {
  if (error instanceof CommanderError) return usageReport(error);
  const missing = noCredentialsIn(error);
  if (missing && !(error instanceof CliError)) return reportOf(notSignedIn(missing));
  if (error instanceof CliError) {
    const { exitCode, message, hint } = error;
    return { exitCode, message, type: 'CliError', ...(hint === undefined ? {} : { hint }) };
  }
  if (isClientError(error)) {
    return {
      exitCode: CLIENT_EXITS[error.code],
      message: error.message,
      hint: CLIENT_HINTS[error.code],
      type: error.code,
    };
  }
  const name = error instanceof Error ? error.name : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  const usage =
    name === 'SettingsError' ||
    name === 'StoreRefusedError' ||
    (error instanceof Error && 'reason' in error && error.reason === 'port-taken');
  if (usage) return { exitCode: EXIT_CODES.usage.code, message, type: name };
  if (name === 'DevServerError' || name === 'TemporalMissingError') {
    return { exitCode: EXIT_CODES.noServer.code, message, type: name };
  }
  // Its sentence names the fix: no bug, but credentials, a server that is away, a disk that is full.
  if (name === 'StoreUnavailableError') return { exitCode: EXIT_CODES.unexpected.code, message, type: name };
  const hint = `If this looks like a bug, run the same command with --debug and report what it prints.`;
  return { exitCode: EXIT_CODES.unexpected.code, message: reasonOf(error), hint, type: name };
}

/** Says it on stderr: a sentence and what to do, or one JSON object. */
export function writeReport(
  io: CliIo,
  report: Report,
  error: unknown,
  options: { json: boolean; debug: boolean },
): void {
  const { exitCode, type } = report;
  // What a file or a name holds must not steer the terminal.
  const message = cleanLines(report.message);
  const hint = report.hint === undefined ? undefined : cleanLines(report.hint);
  if (options.json && message !== '') {
    const problem = { type, title: message, ...(hint === undefined ? {} : { detail: hint }), exit_code: exitCode };
    io.stderr.write(`${JSON.stringify(problem)}\n`);
  } else if (message !== '') {
    io.stderr.write(`${message}\n${hint === undefined ? '' : `${hint}\n`}`);
  }
  if (options.debug && error instanceof Error) io.stderr.write(`${stackOf(error)}\n`);
}

const CLIENT_EXITS: Readonly<Record<ClientErrorCode, ExitCode>> = {
  NoTemporalServer: EXIT_CODES.noServer.code,
  NoWorker: EXIT_CODES.noServer.code,
  NotSignedIn: EXIT_CODES.notSignedIn.code,
  RunNotFound: EXIT_CODES.usage.code,
  RunExists: EXIT_CODES.refused.code,
};

const CLIENT_HINTS: Readonly<Record<ClientErrorCode, string>> = {
  NoTemporalServer: `Start one with: ${PROGRAM} dev (or name one with --address or TEMPORAL_ADDRESS).`,
  NoWorker: `Start one with: ${PROGRAM} dev, or ${PROGRAM} worker beside a server of your own.`,
  NotSignedIn: 'See TEMPORAL_API_KEY, TEMPORAL_TLS_… and the profiles of the Temporal CLI.',
  RunNotFound: `See which runs there are with: ${PROGRAM} runs list`,
  RunExists: 'Choose another --id, or leave it out to get a new one.',
};

function usageReport(error: CommanderError): Report {
  const helped = error.code === 'commander.helpDisplayed' || error.code === 'commander.version';
  const type = 'UsageError';
  if (helped) return { exitCode: EXIT_CODES.ok.code, message: '', type };
  // A group without a command has shown its help already.
  if (error.code === 'commander.help') return { exitCode: EXIT_CODES.usage.code, message: '', type };
  const message = error.message.replace(/^error: /, '');
  return {
    exitCode: EXIT_CODES.usage.code,
    message: message.charAt(0).toUpperCase() + message.slice(1),
    hint: `See: ${[PROGRAM, ...wordsOf(error), '--help'].join(' ')}`,
    type,
  };
}

/** Words of the command whose line is wrong. */
function wordsOf(error: CommanderError): readonly string[] {
  return 'commandWords' in error && Array.isArray(error.commandWords) ? error.commandWords.map(String) : [];
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

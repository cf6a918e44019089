import { EXIT_CODES, type ExitCode } from './exit-codes.ts';

/** Ends a command with one sentence for a person; `hint` says what to do. */
export class CliError extends Error {
  override name = 'CliError';
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, options: { readonly hint?: string } & ErrorOptions = {}) {
    super(message, options);
    this.exitCode = exitCode;
    this.hint = options.hint;
  }
}

/** The command line or the configuration is wrong; nothing was started. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(EXIT_CODES.usage.code, message, hint === undefined ? {} : { hint });
}

import type { Failure } from '../contracts/failures.ts';
import { asksToSignIn } from '../contracts/google-sign-in.ts';
import { CliError } from './cli-error.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { nameFlags } from './output/name-flags.ts';

/** A request, or a source, that cannot be used: wrong usage, but where only somebody who is signed in could read it. */
export function refusedRequest(failure: Failure, hint?: string): CliError {
  const { code } = asksToSignIn(failure.message) ? EXIT_CODES.notSignedIn : EXIT_CODES.usage;
  return new CliError(code, nameFlags(failure), hint === undefined ? {} : { hint });
}

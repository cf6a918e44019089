import { failed, failureRule, type FailureName } from '../../contracts/failures.ts';
import { NO_USAGE } from '../../contracts/outcome.ts';
import { parseRetryAfter } from '../../images/parse-retry-after.ts';
import type { AnalyzerResult, AnswerSpent } from '../ports.ts';
import { CallError } from './call-error.ts';
import { googleProblemOf, type GoogleProblem } from './google-problem.ts';
import { networkCodeOf, unknownHostOf, wasNeverSent } from './network-error.ts';
import { LongAnswerError } from './receive-answer.ts';

/** What an error means depends on who asks. */
export interface AccessContext {
  /** Who asks and where, in words: `project my-project in europe-west1`. */
  readonly asking: string;
  /** What a person can do where this model is not there. */
  readonly otherModel: string;
  /** The host that a region makes by its name; left out where the host is another's choice. */
  readonly regionHost?: string;
  /** Keys, which are never shown. */
  readonly secrets: readonly string[];
}

export interface ErrorContext extends AccessContext {
  readonly model: string;
  readonly nowMs: number;
}

type Failed = Extract<AnalyzerResult, { readonly ok: false }>;

const UNKNOWN_SPENT: AnswerSpent = { usage: NO_USAGE, costUsd: null, modelVersion: '' };

/** The failure of a call without an answer; throws what is no failure of the model, the network or the credentials. */
export function readError(error: unknown, context: ErrorContext): Failed {
  if (!(error instanceof CallError)) throw error;
  const read = error.sent ? readSent(error, context) : readUnsent(error);
  const message = context.secrets.reduce((text, secret) => text.replaceAll(secret, '...'), read.failure.message);
  return { ...read, failure: { ...read.failure, message } };
}

/** Went wrong while credentials were looked for or renewed. */
function readUnsent({ cause }: CallError): Failed {
  const network = networkCodeOf(cause);
  const status = googleProblemOf(cause)?.status;
  if (network !== undefined || (status !== undefined && status >= 500)) {
    return overloaded(`Credentials cannot be got just now (${network ?? status})`, { unpaid: true });
  }
  // A file of another kind makes the libraries stumble in many ways.
  const why = cause instanceof Error ? firstLine(cause) : String(cause);
  return failed('CredentialsRejected', `There are no credentials that can be used: ${why}`);
}

function readSent({ cause, retryAfter }: CallError, context: ErrorContext): Failed {
  const problem = googleProblemOf(cause, context.secrets);
  if (problem) return readProblem(problem, context, problem.waitMs ?? parseRetryAfter(retryAfter, context.nowMs));
  const { regionHost } = context;
  if (regionHost !== undefined && unknownHostOf(cause) === regionHost) {
    return failed(
      'CredentialsRejected',
      `Nobody knows the host ${regionHost}: let GOOGLE_CLOUD_LOCATION of the workers name a region that there is and resume; to a machine without network it looks the same`,
    );
  }
  if (cause instanceof LongAnswerError) return { ...failed('AnswerTooLarge', cause.message), spent: UNKNOWN_SPENT };
  const code = networkCodeOf(cause);
  if (code !== undefined) {
    return overloaded(`The model cannot be reached, or its answer was cut off (${code})`, {
      unpaid: wasNeverSent(code),
    });
  }
  if (cause instanceof SyntaxError)
    return overloaded('The answer of the server broke off, or is not JSON', { unpaid: false });
  throw cause;
}

function readProblem(problem: GoogleProblem, context: ErrorContext, waitMs: number | undefined): Failed {
  const { status, message } = problem;
  const wait = waitMs === undefined ? {} : { waitMs };
  if (status === 429) {
    if (isForTheDay(problem) || isLong(waitMs)) return failed('QuotaExhausted', `The quota is used up: ${message}`);
    return overloaded(`The model takes no more calls just now (429): ${message}`, { unpaid: true, ...wait });
  }
  if (status >= 500 || status === 408 || status === 499) {
    return overloaded(`The model failed (${status}): ${message}`, { unpaid: false, ...wait });
  }
  if (status < 400) {
    return overloaded(`The model is said to be at another address (${status}), which is not followed`, {
      unpaid: true,
    });
  }
  const aboutImage = status === 400 || status === 403 || status === 404 ? imageFailure(problem) : undefined;
  if (aboutImage) return failed(aboutImage, `Google cannot read an image: ${message}`);
  if (isAboutModel(problem)) {
    const { model, asking, otherModel } = context;
    const said = message.slice(0, 150).replace(/\.$/, '');
    return failed(
      'CredentialsRejected',
      `The model ${model} is not there for ${asking} (${status}: ${said}); ${otherModel}`,
    );
  }
  if (isAboutCaller(problem)) return failed('CredentialsRejected', `Google refused the caller (${status}): ${message}`);
  return failed('RequestRefused', `Google refused the request (${status}): ${message}`);
}

/** Longer than any asset is tried: each one would fail at once, where waiting helps all of them. */
function isLong(waitMs = 0): boolean {
  const { retry } = failureRule('ModelOverloaded');
  return typeof retry === 'object' && waitMs > retry.forMs;
}

/** Quotas of a minute renew by themselves, those of a day and money do not. The Gemini API speaks of billing for all of them. */
function isForTheDay({ quotas, message, waitMs }: GoogleProblem): boolean {
  const named = quotas.join(' ').trim();
  if (named !== '') return /per_?day|daily|month/i.test(named);
  return /per day|daily|credits|spend/i.test(message) || (waitMs === undefined && /billing/i.test(message));
}

/** Google reads images at `gs://` itself, so that what is wrong with one of them comes as an error of the call. */
function imageFailure({ status, message }: GoogleProblem): FailureName | undefined {
  if (/\binput image\b/i.test(message)) return 'ImageUnreadable';
  if (!/gs:\/\/|storage\.objects|cloud storage/i.test(message)) return undefined;
  if (status === 403 || /permission|access/i.test(message)) return 'ImageForbidden';
  return status === 404 || /not found|does not exist/i.test(message) ? 'ImageMissing' : undefined;
}

/**
 * A model that is not there, not in this region, or not for this caller: Google does not tell these apart, and no asset is better
 * off.
 */
function isAboutModel({ status, message }: GoogleProblem): boolean {
  if (status === 404) return true;
  return (
    status === 400 &&
    /\bmodel\b.*(not (found|servable|supported|available)|name format)|location is not supported/i.test(message)
  );
}

/** Bad keys and missing billing come with 400 from the Gemini API. */
function isAboutCaller({ status, code, reasons, message }: GoogleProblem): boolean {
  if (status === 401 || status === 402 || status === 403) return true;
  if (status !== 400) return false;
  return (
    code === 'FAILED_PRECONDITION' || reasons.some((each) => each.startsWith('API_KEY')) || /\bAPI key\b/i.test(message)
  );
}

function overloaded(message: string, retry: NonNullable<AnalyzerResult['retry']>): Failed {
  return { ...failed('ModelOverloaded', message), retry };
}

function firstLine({ message }: Error): string {
  return message.split('\n', 1)[0]?.slice(0, 300) ?? '';
}

/** Who has to act on a failure: whoever owns the pictures, the model's provider, the person running Sightline, or Sightline's developers. */
export type FailureOwner = 'source' | 'model' | 'you' | 'us';

/** How an asset with this failure ends; `none` means that the asset gets no outcome: the shard keeps it, or the run itself fails. */
export type FailureOutcome = 'skipped' | 'failed' | 'blocked' | 'none';

interface FailureRule {
  readonly outcome: FailureOutcome;
  /** `never`; `once` = asked again one time; otherwise again and again for this long, in ms, counted from the first failure of the asset. */
  readonly retry: 'never' | 'once' | { readonly forMs: number };
  readonly owner: FailureOwner;
  /** What happened, in one sentence for a person. */
  readonly sentence: string;
  /** What to do about it. */
  readonly hint: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The closed list of everything that can go wrong with an asset, a shard or a run (PROTOCOL 4). Names never change: they stand in stored rows. */
export const FAILURES = {
  ImageMissing: {
    outcome: 'skipped',
    retry: 'never',
    owner: 'source',
    sentence: 'The image does not exist.',
    hint: 'Check the path or address in the source, then start a new run over these assets.',
  },
  ImageForbidden: {
    outcome: 'skipped',
    retry: 'never',
    owner: 'source',
    sentence: 'The image may not be read.',
    hint: 'Give the worker permission to read the image, or use an address that needs no sign-in.',
  },
  NoImages: {
    outcome: 'skipped',
    retry: 'never',
    owner: 'source',
    sentence: 'The source lists this asset without any image.',
    hint: 'Add an image to the asset, or leave the asset out of the source.',
  },
  ImageUnreadable: {
    outcome: 'skipped',
    retry: 'never',
    owner: 'source',
    sentence: 'The file is not an image, is empty, or is damaged.',
    hint: 'Open the file in a viewer; export or download it again.',
  },
  ImageTooLarge: {
    outcome: 'skipped',
    retry: 'never',
    owner: 'source',
    sentence: 'The image has too many bytes or pixels.',
    hint: 'Scale the image down, or raise the image limits of the run.',
  },
  ImageUnsupported: {
    outcome: 'skipped',
    retry: 'never',
    owner: 'source',
    sentence: 'This kind of image cannot be decoded here.',
    hint: 'Convert it to JPEG or PNG first; the message of the row says how.',
  },
  AddressRefused: {
    outcome: 'skipped',
    retry: 'never',
    owner: 'source',
    sentence: 'The address of the image may not be fetched.',
    hint: 'Use a public http(s) address, copy the images to a folder, or allow their server: SIGHTLINE_ALLOW_PRIVATE_ADDRESSES.',
  },
  FetchFailed: {
    outcome: 'failed',
    retry: { forMs: 10 * MINUTE_MS },
    owner: 'source',
    sentence: 'The image could not be fetched.',
    hint: 'Check that the server of the images answers, then start a new run over these assets.',
  },
  AnswerInvalid: {
    outcome: 'failed',
    retry: 'once',
    owner: 'model',
    sentence: 'The answer does not fit the fields of the prompt.',
    hint: 'Make the descriptions of the fields in the prompt more exact, or use another model.',
  },
  AnswerTruncated: {
    outcome: 'failed',
    retry: 'once',
    owner: 'model',
    sentence: 'The answer was cut off at the output limit.',
    hint: 'Raise the output limit, or ask for less.',
  },
  AnswerBlocked: {
    outcome: 'blocked',
    retry: 'never',
    owner: 'model',
    sentence: 'The model declined to answer.',
    hint: 'Look at the image; nothing can be done from here if the content is the reason.',
  },
  RequestRefused: {
    outcome: 'failed',
    retry: 'never',
    owner: 'us',
    sentence: 'The model rejected the request as malformed.',
    hint: 'Report this with the message of the row.',
  },
  ModelOverloaded: {
    outcome: 'failed',
    retry: { forMs: 6 * HOUR_MS },
    owner: 'model',
    sentence: 'The model did not answer: overloaded, unreachable or cut off.',
    hint: 'Start a new run over these assets when the model is healthy again.',
  },
  QuotaExhausted: {
    outcome: 'none',
    retry: 'never',
    owner: 'you',
    sentence: 'The quota of the model is used up.',
    hint: 'Raise the quota or wait until it renews, then resume the run.',
  },
  CredentialsRejected: {
    outcome: 'none',
    retry: 'never',
    owner: 'you',
    sentence: 'The model rejected the credentials, or is not there for them.',
    hint: 'Renew the credentials of the workers, or let them ask where the model is, then resume the run.',
  },
  AnswerTooLarge: {
    outcome: 'failed',
    retry: 'never',
    owner: 'us',
    sentence: 'The answer is larger than a row may be.',
    hint: 'Ask for a shorter answer.',
  },
  SourceUnavailable: {
    outcome: 'none',
    retry: { forMs: 24 * HOUR_MS },
    owner: 'you',
    sentence: 'The source cannot be read.',
    hint: 'Make the source readable again; the run goes on by itself for up to 24 hours.',
  },
  StoreUnavailable: {
    outcome: 'none',
    retry: { forMs: 24 * HOUR_MS },
    owner: 'you',
    sentence: 'Results cannot be written.',
    hint: 'Free space or fix permissions; the run goes on by itself for up to 24 hours.',
  },
  InvalidRequest: {
    outcome: 'none',
    retry: 'never',
    owner: 'you',
    sentence: 'The request of the run is not valid.',
    hint: 'Fix the field that the message names and start again.',
  },
  RunExists: {
    outcome: 'none',
    retry: 'never',
    owner: 'you',
    sentence: 'A run with this id exists already.',
    hint: 'Choose another id.',
  },
  AccountingMismatch: {
    outcome: 'none',
    retry: 'never',
    owner: 'us',
    sentence: 'The rows in the store are not the rows that the run produced.',
    hint: 'Do not use these results; report this with the message of the run.',
  },
  WorkerBug: {
    outcome: 'failed',
    retry: 'never',
    owner: 'us',
    sentence: 'Sightline itself went wrong.',
    hint: 'Report this with the message of the row and the log of the worker.',
  },
} as const satisfies Record<string, FailureRule>;

export type FailureName = keyof typeof FAILURES;

export function isFailureName(name: unknown): name is FailureName {
  return typeof name === 'string' && Object.hasOwn(FAILURES, name);
}

/** The rule of a failure, widened to its interface (the table itself is literal). */
export function failureRule(name: FailureName): FailureRule {
  return FAILURES[name];
}

/** One thing that went wrong, as it travels in values, payloads and rows. `message` names the thing and is at most 500 characters. */
export interface Failure {
  readonly name: FailureName;
  readonly message: string;
  readonly detail?: string;
}

/** An expected failure is a value of this shape, never a throw. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failed(
  name: FailureName,
  message: string,
  detail?: string,
): { readonly ok: false; readonly failure: Failure } {
  const cut = message.length > 500 ? `${message.slice(0, 497)}...` : message;
  return { ok: false, failure: detail === undefined ? { name, message: cut } : { name, message: cut, detail } };
}

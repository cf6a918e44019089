export interface CallErrorOptions {
  /** What Google's client threw. */
  readonly cause: unknown;
  /** False: it went wrong before anything was sent, while credentials were looked for. */
  readonly sent: boolean;
  /** The header `retry-after` of the answer, where there was one. */
  readonly retryAfter?: string;
}

/** A call that brought no answer. */
export class CallError extends Error {
  override name = 'CallError';
  readonly sent: boolean;
  readonly retryAfter: string | undefined;

  constructor({ cause, sent, retryAfter }: CallErrorOptions) {
    super('The call brought no answer', { cause });
    this.sent = sent;
    this.retryAfter = retryAfter;
  }
}

/** One call to Google, as data: what a dry run shows, and what a golden file keeps. */
export interface GoogleCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
}

export interface GoogleAnswer {
  /** Of HTTP. */
  readonly status: number;
  readonly body: unknown;
}

/** Makes one call; an answer that refuses is an answer too. Throws when there is none: no credentials, no connection. */
export type CallGoogle = (call: GoogleCall) => Promise<GoogleAnswer>;

/** `POST https://... {"..."}`: one line. */
export function callText({ method, url, body }: GoogleCall): string {
  return body === undefined ? `${method} ${url}` : `${method} ${url} ${JSON.stringify(body)}`;
}

/** What Google says about a refusal, in its words. */
export function refusalOf({ status, body }: GoogleAnswer): string {
  const said = (body as { error?: { message?: unknown } } | null)?.error?.message;
  return typeof said === 'string' && said !== '' ? said : `HTTP ${status}`;
}

/** A call of BigQuery's REST protocol. */
export interface RestCall {
  readonly method: string;
  /** With its query, for example `/bigquery/v2/projects/p/jobs?prettyPrint=false`. */
  readonly path: string;
  readonly body: string;
}

export type RestFault =
  /** The server does its work; then the connection is cut in place of the answer. */
  | { readonly kind: 'lose-answer' }
  /** The server is not asked. */
  | { readonly kind: 'refuse'; readonly status: number; readonly reason: string; readonly message?: string }
  /** The answer comes so much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The connection is cut after so many bytes of the answer's body. */
  | { readonly kind: 'cut'; readonly afterBytes: number };

/** What BigQuery answers when it refuses. */
export function refusalBody({ status, reason, message }: Extract<RestFault, { kind: 'refuse' }>): string {
  const words = message ?? `Refused with ${status} by a rule of the fault proxy.`;
  return JSON.stringify({
    error: { code: status, message: words, errors: [{ domain: 'global', reason, message: words }] },
  });
}

/** The job id that a call brings; undefined when it starts no job, or leaves the id to the server. */
export function jobIdOf({ method, path, body }: RestCall): string | undefined {
  if (method !== 'POST' || !/\/jobs(?:\?|$)/.test(path)) return undefined;
  // A multipart upload has its JSON in the first part.
  return /"jobReference"\s*:\s*\{[^}]*"jobId"\s*:\s*"([^"]+)"/.exec(body)?.[1];
}

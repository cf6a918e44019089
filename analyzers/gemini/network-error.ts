/** No byte of the request can have arrived. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const AFTER_SENDING: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED']);

/**
 * The code of what went wrong with a connection, looked for through all causes, or the words of a `fetch` that failed without
 * one; undefined for other errors.
 */
export function networkCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (NEVER_SENT.has(code) || AFTER_SENDING.has(code) || /^(UND_ERR|ERR_SSL|HPE)_/.test(code)) return code;
  const inner = innerOf(error);
  const isFetch = error instanceof TypeError && (error.message === 'fetch failed' || error.message === 'terminated');
  return networkCodeOf(inner) ?? (isFetch ? wordsOf(inner, error) : undefined);
}

/** The host that nobody knows, looked for through all causes; undefined for other errors, and where just now nobody can be asked. */
export function unknownHostOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && error.code === 'ENOTFOUND' && 'hostname' in error) return String(error.hostname);
  return unknownHostOf(innerOf(error));
}

/** Whether nothing can have been sent, and so nothing is to be paid. */
export function wasNeverSent(code: string): boolean {
  return NEVER_SENT.has(code);
}

function innerOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error.cause;
}

function wordsOf(inner: unknown, { message }: Error): string {
  return inner instanceof Error ? inner.message.slice(0, 100) : message;
}

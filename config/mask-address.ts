const MASKED = '***';

/** An address without what lets people in: who signs in before the host, and parameters that are called a key, token or the like. */
export function maskAddress(text: string): string {
  return text
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/gi, `$1${MASKED}@`)
    .replaceAll(/([?&][^=&#\s]*(?:key|token|secret|password|signature|credential)[^=&#\s]*=)[^&#\s]+/gi, `$1${MASKED}`);
}

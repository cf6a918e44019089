/** An answer as Google's APIs give it when they refuse. */
export interface GoogleError {
  /** HTTP status. */
  readonly status: number;
  readonly body: { readonly error: Readonly<Record<string, unknown>> };
}

/** Names of google.rpc.Code by HTTP status. */
const CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** `details` are protocol messages in JSON, each with its `@type`. */
export function googleError(
  status: number,
  message: string,
  details: readonly Readonly<Record<string, unknown>>[] = [],
): GoogleError {
  const error = { code: status, message, status: CODES[status] ?? 'UNKNOWN', ...(details.length > 0 && { details }) };
  return { status, body: { error } };
}

/** 429 with the wait time where Google writes it: in the body. */
export function exhaustedError(waitMs: number): GoogleError {
  const retryDelay = `${Math.max(0, waitMs / 1000).toFixed(3)}s`;
  return googleError(429, `Resource exhausted. Please try again later. Please retry in ${retryDelay}.`, [
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
  ]);
}

/** 429 of a quota that renews at midnight. */
export function exhaustedForTheDayError(): GoogleError {
  const violations = [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel', quotaValue: '250' }];
  return googleError(429, 'You exceeded your current quota, please check your plan and billing details.', [
    { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations },
  ]);
}

/** What a key is told that does not exist, or does no more. */
export function badKeyError(): GoogleError {
  return googleError(400, 'API key not valid. Please pass a valid API key.', [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
  ]);
}

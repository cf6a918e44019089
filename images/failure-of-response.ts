import { STATUS_CODES } from 'node:http';
import { failed, type FailureName } from '../contracts/failures.ts';
import { parseRetryAfter } from './parse-retry-after.ts';
import type { ReadFailure } from './ports.ts';

export interface ResponseHead {
  readonly status: number;
  /** The header `retry-after`, where there is one. */
  readonly retryAfter: string | undefined;
}

/** The failure of an answer that brings no image; null for one that does. `name` names the address. */
export function failureOfResponse(name: string, head: ResponseHead, nowMs: number): ReadFailure | null {
  const { status } = head;
  if (status >= 200 && status < 300) return null;
  const answer = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  if (isPassing(status)) {
    const waitMs = parseRetryAfter(head.retryAfter, nowMs);
    const failure = failed('FetchFailed', `${name} cannot be fetched just now (${answer})`);
    return waitMs === undefined ? failure : { ...failure, retry: { waitMs, unpaid: true } };
  }
  const [failure, what] = FINAL[status] ?? ['ImageUnreadable', 'gives no image'];
  return failed(failure, `${name} ${what} (${answer})`);
}

const FINAL: Readonly<Record<number, readonly [FailureName, string]>> = {
  401: ['ImageForbidden', 'may not be read'],
  403: ['ImageForbidden', 'may not be read'],
  404: ['ImageMissing', 'does not exist'],
  407: ['ImageForbidden', 'may not be read'],
  410: ['ImageMissing', 'does not exist any more'],
  451: ['ImageForbidden', 'may not be read'],
};

/** Timeout, too early, too many requests, and everything that is the server's own trouble. */
function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

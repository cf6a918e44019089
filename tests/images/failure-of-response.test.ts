import { describe, expect, it } from 'vitest';
import { failureOfResponse } from '../../images/failure-of-response.ts';

const NOW_MS = Date.parse('2026-11-21T10:00:00Z');
const failureOf = (status: number, retryAfter?: string) =>
  failureOfResponse('http://h/a.jpg', { status, retryAfter }, NOW_MS);

describe('an answer without an image', () => {
  it.each([
    [400, 'ImageUnreadable', 'http://h/a.jpg gives no image (400 Bad Request)'],
    [401, 'ImageForbidden', 'http://h/a.jpg may not be read (401 Unauthorized)'],
    [403, 'ImageForbidden', 'http://h/a.jpg may not be read (403 Forbidden)'],
    [404, 'ImageMissing', 'http://h/a.jpg does not exist (404 Not Found)'],
    [410, 'ImageMissing', 'http://h/a.jpg does not exist any more (410 Gone)'],
    [418, 'ImageUnreadable', "http://h/a.jpg gives no image (418 I'm a Teapot)"],
    [304, 'ImageUnreadable', 'http://h/a.jpg gives no image (304 Not Modified)'],
    [408, 'FetchFailed', 'http://h/a.jpg cannot be fetched just now (408 Request Timeout)'],
    [429, 'FetchFailed', 'http://h/a.jpg cannot be fetched just now (429 Too Many Requests)'],
    [500, 'FetchFailed', 'http://h/a.jpg cannot be fetched just now (500 Internal Server Error)'],
    [599, 'FetchFailed', 'http://h/a.jpg cannot be fetched just now (599)'],
  ])('%i is %s', (status, name, message) => {
    expect(failureOf(status)).toEqual({ ok: false, failure: { name, message } });
  });

  it('is none when the server is content', () => {
    expect([200, 203, 206, 299].map((status) => failureOf(status))).toEqual([null, null, null, null]);
  });

  it.each([
    ['7', 7_000],
    [' 120 ', 120_000],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
  ])('carries the wait that the server asks for: %s', (retryAfter, waitMs) => {
    expect(failureOf(503, retryAfter)).toMatchObject({ retry: { waitMs, unpaid: true } });
  });

  it.each([undefined, '', 'soon', '-1', '9'.repeat(40)])('carries no wait for %j', (retryAfter) => {
    expect(failureOf(503, retryAfter)).not.toHaveProperty('retry');
  });
});

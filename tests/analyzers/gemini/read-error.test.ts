import { ApiError } from '@google/genai';
import { describe, expect, it } from 'vitest';
import { CallError } from '../../../analyzers/gemini/call-error.ts';
import { readError } from '../../../analyzers/gemini/read-error.ts';

const KEY = 'AIzaSyD-secret';
const context = {
  model: 'gemini-3.5-flash',
  asking: 'project my-project in europe-west1',
  otherModel: 'name another',
  secrets: [KEY],
  nowMs: Date.parse('2026-11-21T12:00:00Z'),
};

function google(status: number, message: string, rest: object = {}): ApiError {
  return new ApiError({ status, message: JSON.stringify({ error: { code: status, message, ...rest } }) });
}

function read(cause: unknown, { sent = true, retryAfter }: { sent?: boolean; retryAfter?: string } = {}) {
  return readError(new CallError({ cause, sent, ...(retryAfter !== undefined && { retryAfter }) }), context);
}

const retryInfo = { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2.5s' }] };

function overQuota(quotaId: string) {
  const violations = [{ quotaMetric: 'generativelanguage.googleapis.com/requests', quotaId, quotaValue: '250' }];
  return { details: [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations }, ...retryInfo.details] };
}

describe('a limit', () => {
  it.each([
    ['the wait of the body', google(429, 'Resource exhausted.', retryInfo), {}, { unpaid: true, waitMs: 2500 }],
    [
      'the wait of the body before that of the header',
      google(429, 'Slow.', retryInfo),
      { retryAfter: '60' },
      { unpaid: true, waitMs: 2500 },
    ],
    ['the wait of the header in seconds', google(429, 'Slow.'), { retryAfter: '7' }, { unpaid: true, waitMs: 7000 }],
    [
      'the wait of the header as a date',
      google(429, 'Slow.'),
      { retryAfter: 'Sat, 21 Nov 2026 12:00:30 GMT' },
      { unpaid: true, waitMs: 30_000 },
    ],
    ['no wait', google(429, 'Slow.'), {}, { unpaid: true }],
    [
      'a wait that cannot be understood',
      google(429, 'Slow.', { details: [{ retryDelay: 'soon' }] }),
      { retryAfter: 'soon' },
      { unpaid: true },
    ],
  ])('of a minute costs nothing and passes: %s', (_, error, head, retry) => {
    expect(read(error, head)).toMatchObject({ failure: { name: 'ModelOverloaded' }, retry });
    expect(read(error, head).retry).toEqual(retry);
  });

  it.each(['86400s', `${'9'.repeat(40)}s`])(
    'that lasts longer than an asset is tried is a quota that is used up: %s',
    (retryDelay) => {
      expect(read(google(429, 'Slow.', { details: [null, { violations: null }, { retryDelay }] })).failure.name).toBe(
        'QuotaExhausted',
      );
    },
  );

  it.each([
    ['by its quota', overQuota('GenerateContentInputTokensPerModelPerMinute-FreeTier')],
    ['by its wait', retryInfo],
  ])('of a minute passes although Google speaks of billing: %s', (_, details) => {
    const message = 'You exceeded your current quota, please check your plan and billing details.';
    expect(read(google(429, message, details))).toMatchObject({
      failure: { name: 'ModelOverloaded' },
      retry: { unpaid: true, waitMs: 2500 },
    });
    expect(read(google(429, message)).failure.name).toBe('QuotaExhausted');
  });

  it('of a minute by its quota passes too', () => {
    expect(read(google(429, 'Quota exceeded.', overQuota('GenerateRequestsPerMinutePerProject')))).toMatchObject({
      failure: { name: 'ModelOverloaded' },
      retry: { waitMs: 2500 },
    });
  });

  it.each([
    [
      'by its quota',
      google(429, 'You exceeded your current quota.', overQuota('GenerateRequestsPerDayPerProjectPerModel-FreeTier')),
    ],
    ['by its words', google(429, 'Quota exceeded: 250 requests per day.')],
    ['of money', google(429, 'Your prepayment credits are depleted.')],
  ])('of a day stops the run, whatever wait it names: %s', (_, error) => {
    expect(read(error)).toEqual({
      ok: false,
      failure: { name: 'QuotaExhausted', message: expect.stringMatching(/^The quota is used up: /) },
    });
  });
});

describe('credentials', () => {
  const invalid = { status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID', domain: 'googleapis.com' }] };
  it.each([
    ['a key that does not exist', google(400, 'Bad.', invalid)],
    ['a key that has expired', google(400, 'API key expired. Please renew the API key.')],
    ['a project without billing', google(400, 'Please enable billing.', { status: 'FAILED_PRECONDITION' })],
    ['no sign-in', google(401, 'Request had invalid authentication credentials.')],
    ['no permission', google(403, "Permission 'aiplatform.endpoints.predict' denied.")],
  ])('are refused for %s', (_, error) => {
    expect(read(error)).toMatchObject({ failure: { name: 'CredentialsRejected' } });
    expect(read(error).retry).toBeUndefined();
  });

  it('that cannot be found are named before anything is sent', () => {
    const cause = new Error('Could not load the default credentials. Browse to https://cloud.google.com/...\nmore');
    expect(read(cause, { sent: false })).toEqual({
      ok: false,
      failure: {
        name: 'CredentialsRejected',
        message:
          'There are no credentials that can be used: Could not load the default credentials. Browse to https://cloud.google.com/...',
      },
    });
  });

  it('that cannot be renewed just now are tried again, unpaid', () => {
    const away = Object.assign(new Error('request failed'), { code: 'ECONNREFUSED' });
    const broken = Object.assign(new Error('server error'), { status: 503 });
    for (const cause of [away, broken]) {
      expect(read(cause, { sent: false })).toMatchObject({
        failure: { name: 'ModelOverloaded' },
        retry: { unpaid: true },
      });
    }
  });

  it.each([404, 403])('shows no beginning of a key either, where the text of a %s is cut', (status) => {
    for (let before = 100; before < 320; before++) {
      expect(read(google(status, '-'.repeat(before) + KEY)).failure.message).not.toContain(KEY.slice(0, 1));
    }
  });

  it('are never shown', () => {
    const { failure } = read(google(403, `Consumer 'api_key:${KEY}' has been suspended.`));
    expect(failure.message).toBe("Google refused the caller (403): Consumer 'api_key:...' has been suspended.");
  });
});

describe('a request', () => {
  it('that Google refuses is not sent again', () => {
    expect(read(google(400, 'Invalid value at generation_config.'))).toEqual({
      ok: false,
      failure: {
        name: 'RequestRefused',
        message: 'Google refused the request (400): Invalid value at generation_config.',
      },
    });
  });

  it.each([
    [
      404,
      'Publisher Model `publishers/google/models/gemini-x` was not found or your project does not have access to it.',
    ],
    [400, 'Publisher Model gemini-x is not servable in region europe-west1.'],
    [400, 'GenerateContentRequest.model: unexpected model name format'],
    [400, 'User location is not supported for the API use.'],
  ])('for a model that is not there stops the lane and says which, where, and what to do: %i %s', (status, message) => {
    const { failure } = read(google(status, message));
    expect(failure.name).toBe('CredentialsRejected');
    expect(failure.message).toBe(
      `The model gemini-3.5-flash is not there for project my-project in europe-west1 (${status}: ${message.replace(/\.$/, '')}); name another`,
    );
  });

  it.each([
    [
      403,
      'service-1@gcp-sa-aiplatform does not have storage.objects.get access to the Google Cloud Storage object.',
      'ImageForbidden',
    ],
    [400, 'Cannot read gs://b/1.jpg: access denied.', 'ImageForbidden'],
    [404, 'The object gs://b/1.jpg was not found.', 'ImageMissing'],
    [400, 'The file gs://b/1.jpg does not exist.', 'ImageMissing'],
    [400, 'Unable to process input image. Please retry or report.', 'ImageUnreadable'],
  ] as const)('is skipped for its image: %i %s', (status, message, name) => {
    expect(read(google(status, message))).toMatchObject({
      failure: { name, message: expect.stringContaining(message) },
    });
  });
});

describe('a server', () => {
  it.each([500, 503, 504, 408, 499])('that fails with %i may have been paid', (status) => {
    expect(read(google(status, 'Try later.'))).toMatchObject({
      failure: { name: 'ModelOverloaded' },
      retry: { unpaid: false },
    });
  });

  it('that names a wait with 503 is waited for', () => {
    expect(read(google(503, 'Overloaded.', retryInfo)).retry).toEqual({ unpaid: false, waitMs: 2500 });
  });

  it('that answers with a page is quoted without its markup, in part', () => {
    const page = new ApiError({
      status: 502,
      message: JSON.stringify({ error: { message: `<html><b>Bad\n gateway</b>${'x'.repeat(900)}` } }),
    });
    expect(read(page).failure.message).toMatch(/^The model failed \(502\): Bad gateway x{100,300}\.\.\.$/);
  });

  it.each([
    ['ECONNREFUSED', true],
    ['ENOTFOUND', true],
    ['UND_ERR_CONNECT_TIMEOUT', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
    ['ECONNRESET', false],
    ['UND_ERR_SOCKET', false],
  ])('that cannot be reached or hangs up, %s: unpaid is %s', (code, unpaid) => {
    const inner = Object.assign(new Error('inner'), { code });
    const cause = new Error('exception posting request', {
      cause: new TypeError('fetch failed', { cause: new AggregateError([inner]) }),
    });
    expect(read(cause)).toMatchObject({
      failure: { name: 'ModelOverloaded', message: expect.stringContaining(code) },
      retry: { unpaid },
    });
  });

  it('that cannot be asked at all is named with the words of the failed fetch', () => {
    const cause = new TypeError('fetch failed', { cause: new Error('bad port') });
    expect(read(cause)).toMatchObject({
      failure: { name: 'ModelOverloaded', message: expect.stringContaining('(bad port)') },
      retry: { unpaid: false },
    });
    expect(read(new TypeError('terminated'))).toMatchObject({ failure: { name: 'ModelOverloaded' } });
  });

  it('that answers half a JSON may have been paid', () => {
    expect(read(new SyntaxError('Unexpected end of JSON input'))).toMatchObject({ retry: { unpaid: false } });
  });
});

describe('the host of a region', () => {
  const regionHost = 'europe-west99-aiplatform.googleapis.com';

  /** As the clients and Node wrap what the resolver says. */
  function notResolved(code: string, hostname = regionHost): Error {
    const inner = Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), {
      code,
      syscall: 'getaddrinfo',
      hostname,
    });
    return new Error('exception posting request', { cause: new TypeError('fetch failed', { cause: inner }) });
  }
  const readAt = (cause: Error) => readError(new CallError({ cause, sent: true }), { ...context, regionHost });

  it('that nobody knows stops the run, and its setting is named', () => {
    expect(readAt(notResolved('ENOTFOUND'))).toEqual({
      ok: false,
      failure: {
        name: 'CredentialsRejected',
        message:
          'Nobody knows the host europe-west99-aiplatform.googleapis.com: let GOOGLE_CLOUD_LOCATION of the workers name a region that there is and resume; to a machine without network it looks the same',
      },
    });
  });

  it.each([
    ['cannot be asked for just now', notResolved('EAI_AGAIN')],
    ['is known, where another is not', notResolved('ENOTFOUND', 'proxy.example')],
  ])('that %s is tried again, unpaid', (_, cause) => {
    expect(readAt(cause)).toMatchObject({ failure: { name: 'ModelOverloaded' }, retry: { unpaid: true } });
  });

  it('is nothing to stop for where no region makes it', () => {
    expect(read(notResolved('ENOTFOUND'))).toMatchObject({ failure: { name: 'ModelOverloaded' } });
  });
});

describe('the same from @google-cloud/vertexai', () => {
  it('is read out of its sentence', () => {
    const body = JSON.stringify({ error: { code: 429, message: 'Slow.', status: 'RESOURCE_EXHAUSTED', ...retryInfo } });
    expect(read(new Error(`[VertexAI.ClientError]: got status: 429 Too Many Requests. ${body}`))).toMatchObject({
      failure: { name: 'ModelOverloaded' },
      retry: { unpaid: true, waitMs: 2500 },
    });
  });
});

describe('what is none of these', () => {
  it('is thrown on', () => {
    const bug = new TypeError('x is not a function');
    expect(() => readError(bug, context)).toThrow(bug);
    expect(() => read(bug)).toThrow(bug);
  });
});

/** Bodies of answers with 200 that are JSON, and no answer of a model. */
export const NO_ANSWERS: readonly string[] = [
  'null',
  '[]',
  '"x"',
  '7',
  '{}',
  '{"candidates":7}',
  '{"candidates":"x"}',
  '{"candidates":[null]}',
  '{"candidates":[7]}',
  '{"candidates":[{"content":null}]}',
  '{"candidates":[{"content":{"parts":{}}}]}',
  '{"candidates":[{"content":{"parts":[null,7]}}]}',
  '{"promptFeedback":7,"usageMetadata":"x"}',
];

/** Bodies of errors that are not as Google writes them: of a proxy, of a server in between, or cut off. */
export const UNSAID_BODIES: readonly string[] = [
  '',
  'no',
  '<html><title>Forbidden</title></html>',
  '{"error":',
  '{}',
  'null',
  '[]',
  '7',
  '{"error":null}',
  '{"error":"x"}',
  '{"error":{}}',
];

/** What such an error is by its status alone. */
export const UNSAID_ERRORS: readonly (readonly [status: number, expected: object])[] = [
  [400, { failure: { name: 'RequestRefused' } }],
  [401, { failure: { name: 'CredentialsRejected' } }],
  [403, { failure: { name: 'CredentialsRejected' } }],
  [404, { failure: { name: 'CredentialsRejected' } }],
  [413, { failure: { name: 'RequestRefused' } }],
  [429, { failure: { name: 'ModelOverloaded' }, retry: { unpaid: true } }],
  [503, { failure: { name: 'ModelOverloaded' }, retry: { unpaid: false } }],
];

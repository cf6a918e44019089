import { expect, test } from 'vitest';
import { readCall } from '../../../fake-google/gemini/read-call.ts';
import { BY_ADDRESS, GEMINI, INLINE, JPEG, VERTEX, read, sampleRequest } from './sample-request.ts';

const HOST = 'http://127.0.0.1';

test.each([
  [VERTEX, { authorization: 'Bearer x' }, { api: 'vertex', payer: 'projects/p', location: 'us-central1' }],
  [VERTEX.replace('/v1/', '/v1beta1/'), { authorization: 'Bearer x' }, { api: 'vertex', isStream: false }],
  [
    '/v1/publishers/google/models/m:generateContent',
    { 'x-goog-api-key': 'k' },
    { api: 'vertex', payer: 'k', model: 'm' },
  ],
  [GEMINI, { 'x-goog-api-key': 'k' }, { api: 'gemini', payer: 'k', model: 'gemini-3.5-flash' }],
  [GEMINI.replace('/v1beta/', '/v1/'), { 'x-goog-api-key': 'k' }, { api: 'gemini' }],
  ['/v1beta/models/m:streamGenerateContent?alt=sse&key=k', {}, { isStream: true, payer: 'k' }],
])('%s is an address it knows', (path, headers, expected) => {
  expect(readCall(new URL(path, HOST), headers)).toMatchObject(expected);
});

test.each([
  ['an unknown method', '/v1beta/models/m:countTokens?key=k', {}, 404],
  ['another address', '/v1/models', {}, 404],
  ['no token for a project', VERTEX, {}, 401],
  ['a key in place of a token', VERTEX, { 'x-goog-api-key': 'k' }, 401],
  ['no key', GEMINI, {}, 403],
])('%s is refused', (_, path, headers, status) => {
  expect(readCall(new URL(path, HOST), headers)).toMatchObject({ status, body: { error: { code: status } } });
});

test('images are seen with their type, and are the asset', () => {
  expect(sampleRequest({}, [INLINE, BY_ADDRESS])).toMatchObject({
    asset: expect.stringMatching(/^[0-9a-f]{64},gs:\/\/pictures\/a:b\.jpg$/),
    images: [
      { mimeType: 'image/jpeg', sizeBytes: JPEG.length },
      { mimeType: 'image/jpeg', identity: 'gs://pictures/a:b.jpg' },
    ],
    text: expect.stringContaining('What is it?'),
  });
});

test.each([
  ['no image', { text: 'What is it?' }, /No image was sent/],
  ['a type that is none', { inlineData: { ...INLINE.inlineData, mimeType: 'text/plain' } }, /Unsupported MIME type/],
  ['a missing type', { fileData: { fileUri: 'gs://a/b' } }, /Unsupported MIME type: undefined/],
  ['bytes of another type', { inlineData: { ...INLINE.inlineData, mimeType: 'image/png' } }, /Unable to process/],
  ['no bytes', { inlineData: { mimeType: 'image/jpeg', data: '' } }, /Base64 decoding failed/],
  ['broken Base64', { inlineData: { mimeType: 'image/jpeg', data: '###' } }, /Base64 decoding failed/],
  ['a path', { fileData: { mimeType: 'image/jpeg', fileUri: '/tmp/a.jpg' } }, /unsupported file uri/],
  ['a bucket alone', { fileData: { mimeType: 'image/jpeg', fileUri: 'gs://pictures' } }, /unsupported file uri/],
])('%s is refused as Google does', (_, part, message) => {
  expect(read([part])).toMatchObject({
    status: 400,
    body: { error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringMatching(message) } },
  });
});

test('the Gemini API does not read gs:// addresses', () => {
  expect(read([BY_ADDRESS], { path: GEMINI })).toMatchObject({ status: 400 });
});

test('a request over 20 MB is refused', () => {
  const data = Buffer.concat([JPEG, Buffer.alloc(16 * 1024 * 1024)]).toString('base64');
  expect(read([{ inlineData: { mimeType: 'image/jpeg', data } }])).toMatchObject({ status: 400 });
});

import sharp from 'sharp';
import type { GeminiRequest } from '../../../fake-google/gemini/read-request.ts';
import { readCall } from '../../../fake-google/gemini/read-call.ts';
import { readRequest } from '../../../fake-google/gemini/read-request.ts';
import type { GoogleError } from '../../../fake-google/gemini/google-error.ts';

export const JPEG = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#446' } })
  .jpeg()
  .toBuffer();

export const VERTEX = '/v1/projects/p/locations/us-central1/publishers/google/models/gemini-3.5-flash:generateContent';
export const GEMINI = '/v1beta/models/gemini-3.5-flash:generateContent';

export const INLINE = { inlineData: { mimeType: 'image/jpeg', data: JPEG.toString('base64') } };
export const BY_ADDRESS = { fileData: { mimeType: 'image/jpeg', fileUri: 'gs://pictures/a:b.jpg' } };

/** A request as it is read from the wire, with credentials. */
export function read(
  parts: readonly unknown[],
  { path = VERTEX, generationConfig = {} }: { readonly path?: string; readonly generationConfig?: object } = {},
): GeminiRequest | GoogleError {
  const headers = path.includes('/projects/') ? { authorization: 'Bearer any' } : { 'x-goog-api-key': 'key' };
  const call = readCall(new URL(path, 'http://127.0.0.1'), headers);
  if ('status' in call) return call;
  return readRequest(call, Buffer.from(JSON.stringify({ contents: [{ role: 'user', parts }], generationConfig })));
}

/** The same where it must be good. */
export function sampleRequest(generationConfig: object = {}, parts: readonly unknown[] = [INLINE]): GeminiRequest {
  const request = read([{ text: 'What is it?' }, ...parts], { generationConfig });
  if ('status' in request) throw new Error(JSON.stringify(request.body));
  return request;
}

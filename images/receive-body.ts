import type { Dispatcher } from 'undici';
import { failed, ok } from '../contracts/failures.ts';
import type { ReadOptions, ReadResult } from './ports.ts';
import { tooManyBytes } from './too-many-bytes.ts';

/** Receives a body of at most `maxBytes`; the size that the server names is only believed when it is too large. */
export async function receiveBody(
  name: string,
  { headers, body }: Dispatcher.ResponseData,
  { maxBytes, claim }: Pick<ReadOptions, 'maxBytes' | 'claim'>,
): Promise<ReadResult> {
  const namedBytes = parseLength(headers['content-length']);
  if (namedBytes !== undefined && namedBytes > maxBytes) {
    discardBody(body);
    return tooManyBytes(name, namedBytes, maxBytes);
  }
  if (namedBytes !== undefined) claim.resize(namedBytes);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // Leaving the loop closes the connection: nothing more is received.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) return tooManyBytes(name, sizeBytes, maxBytes);
    chunks.push(chunk);
  }
  return sizeBytes === 0 ? failed('ImageUnreadable', `${name} is empty`) : ok(Buffer.concat(chunks, sizeBytes));
}

/** Gives the connection back where that is cheap, and never waits: the end of the call cuts off what is left. */
export function discardBody(body: Dispatcher.ResponseData['body']): void {
  body.dump({ limit: CHEAP_BYTES }).catch(() => undefined);
}

const CHEAP_BYTES = 16_384;

function parseLength(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

import { Response } from 'undici';

/** Longest answer that is received, in bytes: several times what a model writes at most. */
const MAX_BYTES = 10_000_000;

/** An answer that is longer than any model writes. */
export class LongAnswerError extends Error {
  override name = 'LongAnswerError';

  constructor() {
    super(`The answer of the server has more than ${MAX_BYTES / 1_000_000} MB, and was not read on`);
  }
}

/**
 * The same with its body received, so that no server can fill the memory. Throws `LongAnswerError` for more than 10 MB,
 * unpacked; the body of an error is cut there.
 */
export async function receiveAnswer(response: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  // Leaving the loop closes the connection: nothing more is received.
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BYTES && response.ok) throw new LongAnswerError();
    if (sizeBytes > MAX_BYTES) break;
    chunks.push(chunk);
  }
  // Some statuses must have no body.
  return new Response(chunks.length === 0 ? null : Buffer.concat(chunks), response);
}

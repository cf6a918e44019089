import { hash } from 'node:crypto';
import type { FileMetadata, Storage } from '@google-cloud/storage';
import { failed, ok, type Result } from '../contracts/failures.ts';
import { failureOfObject, type AskedObject } from './failure-of-object.ts';
import type { ImageFacts, LookAtImage, ReadFailure, ReadImage, ReadResult } from './ports.ts';
import { tooManyBytes } from './too-many-bytes.ts';

export interface ObjectReaderOptions {
  /** The client; asked for at the first object. */
  readonly open: () => Promise<Pick<Storage, 'apiEndpoint' | 'authClient'>>;
  /** For each of the two steps: what is known of the object, and its bytes. */
  readonly timeoutMs: number;
}

export interface ObjectReader {
  /**
   * Reads an object; its name is taken as it stands, with blanks, colons, `#` and `%`. Type and size are looked at before
   * anything is downloaded, and then exactly that generation is. Failures are ImageMissing, ImageForbidden, ImageUnreadable,
   * ImageTooLarge, and FetchFailed for what may go away by itself. Throws the reason of a signal that aborts.
   */
  readonly read: ReadImage;
  /** The first half of that; it fails and throws alike. */
  readonly look: LookAtImage;
}

/** Reads objects of Cloud Storage, `gs://bucket/name`. */
export function createObjectReader({ open, timeoutMs }: ObjectReaderOptions): ObjectReader {
  return {
    read: (uri, { generation, maxBytes, signal, claim }) =>
      ask(uri, generation, signal, async (asked, request, restart) => {
        const found = await look(request, asked, maxBytes);
        if (!found.ok) return found;
        await claim.reserve(found.value.sizeBytes);
        // The clock starts when there is room for the image.
        restart();
        return download(request, asked, found.value, maxBytes);
      }),
    look: (uri, { maxBytes, signal }) =>
      ask(uri, undefined, signal, (asked, request) => look(request, asked, maxBytes)),
  };

  async function ask<T extends { readonly ok: boolean }>(
    uri: string,
    generation: string | undefined,
    signal: AbortSignal,
    steps: (asked: AskedObject, request: Request, restart: () => void) => Promise<T | ReadFailure>,
  ): Promise<T | ReadFailure> {
    const place = placeOf(uri);
    if (!place.ok) return place;
    const asked: AskedObject = { uri, generation, ...place.value };
    let deadline = AbortSignal.timeout(timeoutMs);
    const restart = (): void => {
      deadline = AbortSignal.timeout(timeoutMs);
    };
    const request: Request = async (query, responseType) => {
      const { apiEndpoint, authClient } = await open();
      const url = `${apiEndpoint}/storage/v1/b/${encodeURIComponent(asked.bucket)}/o/${encodeURIComponent(asked.name)}`;
      return authClient.request<unknown>({
        url: `${url}?${new URLSearchParams(query).toString()}`,
        responseType,
        signal: AbortSignal.any([signal, deadline]),
        retry: false,
        validateStatus: () => true,
      });
    };
    try {
      return await steps(asked, request, restart);
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.aborted) {
        return failed('FetchFailed', `${uri} cannot be fetched just now (no end within ${timeoutMs / 1000} s)`);
      }
      return failureOfObject(asked, error);
    }
  }
}

/**
 * Asks for the object with the client's credentials. The client's own download takes no signal, and when one breaks off it cuts
 * the connections of the others.
 */
type Request = (
  query: Readonly<Record<string, string>>,
  responseType: 'json' | 'stream',
) => Promise<{ readonly status: number; readonly data: unknown }>;

/** Where an object is. */
function placeOf(uri: string): Result<{ readonly bucket: string; readonly name: string }> {
  const [, bucket, name] = /^gs:\/\/([^/]+)\/(.+)$/is.exec(uri) ?? [];
  if (bucket !== undefined && name !== undefined) return ok({ bucket, name });
  return failed('ImageMissing', `${uri} names no object; an image in a bucket is gs://BUCKET/NAME`);
}

interface FoundObject extends ImageFacts {
  /** Base64; undefined where that is not known. */
  readonly md5: string | undefined;
}

async function look(request: Request, asked: AskedObject, maxBytes: number): Promise<Result<FoundObject>> {
  const { status, data } = await request(pinned(asked.generation), 'json');
  if (status !== 200) return failureOfObject(asked, { status });
  const { size, contentType = '', generation, md5Hash, crc32c, contentEncoding = '' } = data as FileMetadata;
  const sizeBytes = Number(size ?? 0);
  const refusal = refuse(asked.uri, contentType, sizeBytes, maxBytes);
  if (refusal) return refusal;
  return ok({
    contentType,
    contentEncoding,
    sizeBytes,
    generation: generation === undefined ? asked.generation : String(generation),
    // Objects that were put together from others have no MD5.
    digest: digestOf('md5', md5Hash) ?? digestOf('crc32c', crc32c),
    md5: md5Hash,
  });
}

function digestOf(kind: string, base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : `${kind}:${Buffer.from(base64, 'base64').toString('hex')}`;
}

function pinned(generation: string | undefined): Readonly<Record<string, string>> {
  return generation === undefined ? {} : { generation };
}

/** Types that say what an object is not; without a type, or with that of any bytes, the bytes themselves are looked at. */
function refuse(
  uri: string,
  contentType: string,
  sizeBytes: number,
  maxBytes: number,
): ReturnType<typeof failed> | null {
  if (!/^(image\/|application\/octet-stream|binary\/octet-stream|$)/i.test(contentType.trim())) {
    return failed('ImageUnreadable', `${uri} is no image: its type is ${contentType.slice(0, 80)}`);
  }
  if (sizeBytes === 0) return failed('ImageUnreadable', `${uri} is empty`);
  return sizeBytes > maxBytes ? tooManyBytes(uri, sizeBytes, maxBytes) : null;
}

/** What was compressed in the bucket may be larger than its object. */
async function download(
  request: Request,
  asked: AskedObject,
  { generation, md5, contentEncoding }: FoundObject,
  maxBytes: number,
): Promise<ReadResult> {
  const { status, data } = await request({ alt: 'media', ...pinned(generation) }, 'stream');
  if (status !== 200) return failureOfObject(asked, { status });
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  // Leaving the loop closes the connection: nothing more is received.
  for await (const chunk of data as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) return tooManyBytes(asked.uri, sizeBytes, maxBytes);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks, sizeBytes);
  // The MD5 is that of the bytes as they are stored, which come unpacked.
  if (md5 === undefined || contentEncoding !== '' || hash('md5', bytes, 'base64') === md5) return ok(bytes);
  return failed('FetchFailed', `${asked.uri} cannot be fetched just now (its bytes came damaged)`);
}

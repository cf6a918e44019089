import { addAbortSignal } from 'node:stream';
import type { File, FileMetadata, Storage } from '@google-cloud/storage';
import { failed, ok, type Result } from '../contracts/failures.ts';
import { failureOfObject } from './failure-of-object.ts';
import type { ReadImage, ReadOptions, ReadResult } from './ports.ts';
import { tooManyBytes } from './too-many-bytes.ts';

export interface ObjectReaderOptions {
  /** The client; asked for at the first object. */
  readonly open: () => Promise<Storage>;
  /** For each of the two steps: what is known of the object, and its bytes. */
  readonly timeoutMs: number;
}

/**
 * Reads objects of Cloud Storage, `gs://bucket/name`; the name is taken as it stands, with blanks, colons, `#` and `%`. Type and
 * size are looked at before anything is downloaded, and then exactly that generation is. Failures are ImageMissing,
 * ImageForbidden, ImageUnreadable, ImageTooLarge, and FetchFailed for what may go away by itself. Throws the reason of a signal
 * that aborts.
 */
export function createObjectReader({ open, timeoutMs }: ObjectReaderOptions): ReadImage {
  return async (uri, { generation, maxBytes, signal, claim }) => {
    const place = placeOf(uri);
    if (!place.ok) return place;
    const { bucket, name } = place.value;
    let deadline = AbortSignal.timeout(timeoutMs);
    try {
      const storage = await open();
      const file = (pinned: string | undefined): File => storage.bucket(bucket).file(name, withGeneration(pinned));
      const [metadata] = await orAborted(AbortSignal.any([signal, deadline]), file(generation).getMetadata());
      const refusal = refuseByMetadata(uri, metadata, maxBytes);
      if (refusal) return refusal;
      await claim.reserve(sizeOf(metadata));
      // The clock starts when there is room for the image.
      deadline = AbortSignal.timeout(timeoutMs);
      const observed = metadata.generation === undefined ? generation : String(metadata.generation);
      return await receive(uri, file(observed), { maxBytes, signal: AbortSignal.any([signal, deadline]) });
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.aborted) {
        return failed('FetchFailed', `${uri} cannot be fetched just now (no end within ${timeoutMs / 1000} s)`);
      }
      return failureOfObject({ uri, bucket, generation }, error);
    }
  };
}

/** Where an object is. */
function placeOf(uri: string): Result<{ readonly bucket: string; readonly name: string }> {
  const [, bucket, name] = /^gs:\/\/([^/]+)\/(.+)$/is.exec(uri) ?? [];
  if (bucket !== undefined && name !== undefined) return ok({ bucket, name });
  return failed('ImageMissing', `${uri} names no object; an image in a bucket is gs://BUCKET/NAME`);
}

function withGeneration(generation: string | undefined): { readonly generation?: string } {
  return generation === undefined ? {} : { generation };
}

function sizeOf({ size }: FileMetadata): number {
  return Number(size ?? 0);
}

/** Types that say what an object is not; without a type, or with that of any bytes, the bytes themselves are looked at. */
function refuseByMetadata(uri: string, metadata: FileMetadata, maxBytes: number): ReadResult | null {
  const { contentType = '' } = metadata;
  if (!/^(image\/|application\/octet-stream|binary\/octet-stream|$)/i.test(contentType.trim())) {
    return failed('ImageUnreadable', `${uri} is no image: its type is ${contentType.slice(0, 80)}`);
  }
  const sizeBytes = sizeOf(metadata);
  if (sizeBytes === 0) return failed('ImageUnreadable', `${uri} is empty`);
  return sizeBytes > maxBytes ? tooManyBytes(uri, sizeBytes, maxBytes) : null;
}

/** What was compressed for the way may be larger than its object. */
async function receive(
  uri: string,
  file: File,
  { maxBytes, signal }: Pick<ReadOptions, 'maxBytes' | 'signal'>,
): Promise<ReadResult> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // Leaving the loop closes the stream: nothing more is received.
  for await (const chunk of addAbortSignal(signal, file.createReadStream()) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) return tooManyBytes(uri, sizeBytes, maxBytes);
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks, sizeBytes));
}

/** The client takes no signal: what is not wanted any more is left to end by itself. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

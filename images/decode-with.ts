import type { Sharp } from 'sharp';
import { failed, ok, type Result } from '../contracts/failures.ts';
import { damage } from './damage.ts';
import { DECODING_SECONDS, decoderTurns, openPicture, withRoomToDecode } from './decoder.ts';
import { nameOfImage } from './name-of-image.ts';
import type { LoadedImage } from './ports.ts';

/**
 * Decodes the first picture of an image upright, in the way that `finish` describes. A file that is cut off, or corrupt so
 * that the decoder notices, is `ImageUnreadable`: never half a picture with the rest filled up in grey.
 */
export function decodeWith<T>(image: LoadedImage, finish: (picture: Sharp) => Promise<T>): Promise<Result<T>> {
  return withRoomToDecode(image, async () => {
    let startedMs = 0;
    const attempt = (): Promise<T> => {
      startedMs = performance.now();
      return finish(open(image, 'warning'));
    };
    try {
      return ok(await decoderTurns.shared(attempt));
    } catch {
      if (performance.now() - startedMs > DECODING_SECONDS * 1_000) return tooSlow(image);
    }
    return decoderTurns.alone(() => decodeAlone(image, finish));
  });
}

async function decodeAlone<T>(image: LoadedImage, finish: (picture: Sharp) => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await finish(open(image, 'warning')));
  } catch (error) {
    if (isFinal(error)) return failureOf(image, error);
  }
  // A warning about something else, such as an odd colour profile: the pixels may be all there.
  try {
    return ok(await finish(open(image, 'error')));
  } catch (error) {
    return failureOf(image, error);
  }
}

function open({ bytes, widthPx, heightPx }: LoadedImage, failOn: 'warning' | 'error'): Sharp {
  return openPicture(bytes, { failOn, maxPixels: widthPx * heightPx }).autoOrient();
}

/** Bytes between the segments of a JPEG are the one kind of "corrupt data" that costs no pixels. */
function isFinal(error: unknown): boolean {
  return /premature end|Corrupt JPEG data: (?!\d+ extraneous)|pixel limit|^timeout/i.test(messageOf(error));
}

function failureOf(image: LoadedImage, error: unknown): ReturnType<typeof failed> {
  return messageOf(error).startsWith('timeout') ? tooSlow(image) : damage(nameOfImage(image.uri), error);
}

function tooSlow({ uri }: LoadedImage): ReturnType<typeof failed> {
  return failed('ImageTooLarge', `${nameOfImage(uri)} takes longer than ${DECODING_SECONDS} s to decode`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

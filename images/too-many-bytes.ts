import { failed } from '../contracts/failures.ts';

/** The failure of an image with more bytes than allowed; `sizeBytes` may be what was read before giving up. */
export function tooManyBytes(name: string, sizeBytes: number, maxBytes: number): ReturnType<typeof failed> {
  const format = (bytes: number) => bytes.toLocaleString('en-US');
  return failed('ImageTooLarge', `${name} has ${format(sizeBytes)} bytes; the limit is ${format(maxBytes)} bytes`);
}

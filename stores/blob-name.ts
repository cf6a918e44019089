import { createHash } from 'node:crypto';
import { failed, ok } from '../contracts/failures.ts';
import type { Result } from '../contracts/failures.ts';
import { StoreMismatchError } from './ports.ts';

export interface NamedBlob {
  /** SHA-256 of the bytes, hex. */
  readonly ref: string;
  readonly bytes: Buffer;
}

/** A value as JSON and its name; `AnswerTooLarge` when it takes more than `maxBytes`. */
export function nameBlob(value: unknown, maxBytes: number): Result<NamedBlob> {
  const json = JSON.stringify(value);
  if (json === undefined) throw new TypeError('A blob must be a JSON value.');
  const bytes = Buffer.from(json);
  if (bytes.length > maxBytes) {
    return failed('AnswerTooLarge', `The document has ${bytes.length} bytes; at most ${maxBytes} may be kept.`);
  }
  return ok({ ref: sha256(bytes), bytes });
}

/** Throws `StoreMismatchError` unless it could be the name of a blob. */
export function checkBlobName(ref: string): void {
  if (!/^[0-9a-f]{64}$/.test(ref)) throw new StoreMismatchError(`${JSON.stringify(ref)} is no name of a blob.`);
}

/** The value of a blob; throws `StoreMismatchError` when the bytes are not those of the name. `where` says where it is. */
export function openBlob(where: string, { ref, bytes }: NamedBlob): unknown {
  if (sha256(bytes) !== ref) throw new StoreMismatchError(`The blob ${where} is damaged.`);
  return JSON.parse(bytes.toString());
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

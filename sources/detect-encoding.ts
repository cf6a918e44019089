import { isAscii, isUtf8 } from 'node:buffer';
import type { TextEncoding } from '../contracts/source.ts';
import { NEWLINE, linesOf } from './line-numbers.ts';
import { readChunks, scanChunks } from './read-chunks.ts';
import { SourceError } from './ports.ts';

/**
 * The encoding of a text file, by its bytes: a mark at its start, the zero bytes of UTF-16, or else UTF-8 when all of it is.
 * A file that has bytes outside ASCII but nowhere a character of UTF-8 is Windows-1252, of which Latin-1 is a part. One that
 * is UTF-8 in some lines and not in others is damaged: `SourceError` with the line, never a guess.
 */
export async function detectEncoding(path: string): Promise<TextEncoding> {
  let carry: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of scanChunks(path)) {
    if (isFirst) {
      refuseKnownFormats(path, chunk);
      const utf16 = utf16Of(chunk);
      if (utf16) return utf16;
      isFirst = false;
    }
    if (carry.length === 0 && isAscii(chunk)) continue;
    const joined = Buffer.concat([carry, chunk]);
    // A character may be cut in two here, but never more than its last three bytes are missing.
    const end = joined.length - 3;
    const whole = end <= 0 ? 0 : startOfCharacter(joined, end);
    if (!isUtf8(joined.subarray(0, whole))) return lookAtLines(path);
    carry = joined.subarray(whole);
  }
  return isUtf8(carry) ? 'utf-8' : lookAtLines(path);
}

/** The last place up to `end` where a character begins. */
function startOfCharacter(bytes: Buffer, end: number): number {
  let at = end;
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}

/** A file that is not UTF-8 throughout: which lines are, and which are not, tells what it is. */
async function lookAtLines(path: string): Promise<TextEncoding> {
  let [line, bad, firstBad, hasUtf8] = [0, 0, 0, false];
  let carry: Buffer = Buffer.alloc(0);
  let lineEnd: number | undefined;
  for await (const chunk of readChunks(path)) {
    lineEnd ??= chunk.includes(NEWLINE) ? NEWLINE : CARRIAGE_RETURN;
    const joined = Buffer.concat([carry, chunk]);
    const end = joined.lastIndexOf(lineEnd) + 1 || (joined.length > MOST_CARRIED ? joined.length : 0);
    for (const each of linesOf(joined.subarray(0, end), lineEnd)) look(each);
    carry = joined.subarray(end);
  }
  look(carry);
  if (bad === 1 && endsInsideCharacter(carry)) {
    throw new SourceError(
      'InvalidRequest',
      `${path} ends in the middle of a character; was it cut off? If not, say what it is with "encoding"`,
    );
  }
  if (!hasUtf8) return 'windows-1252';
  throw new SourceError(
    'InvalidRequest',
    `${path} line ${firstBad} is not UTF-8, but other lines are; mend it, or say what it is with "encoding"`,
  );

  function look(bytes: Buffer): void {
    line++;
    if (isAscii(bytes)) return;
    if (isUtf8(bytes)) hasUtf8 = true;
    else if (++bad === 1) firstBad = line;
  }
}

/** Ends the lines of tables from old programs. */
const CARRIAGE_RETURN = 0x0d;
const MOST_CARRIED = 2_000_000;

/** A character of UTF-8 that begins at the very end, and would be valid if it went on. */
function endsInsideCharacter(line: Buffer): boolean {
  for (let missing = 1; missing <= 3; missing++) {
    const whole = Buffer.concat([line, Buffer.alloc(missing, 0xbf)]);
    if (isUtf8(whole)) return true;
  }
  return false;
}

/** With or without a mark; without one, text in UTF-16 has a zero in nearly every second byte. */
function utf16Of(start: Buffer): TextEncoding | null {
  const mark = start.subarray(0, 2).toString('latin1');
  if (mark === '\xff\xfe') return 'utf-16le';
  if (mark === '\xfe\xff') return 'utf-16be';
  const head = start.subarray(0, Math.min(start.length & ~1, 4096));
  let [even, odd] = [0, 0];
  head.forEach((byte, index) => {
    if (byte === 0 && index % 2 === 0) even++;
    else if (byte === 0) odd++;
  });
  const half = head.length / 2;
  if (odd > half * 0.6 && even < half * 0.1) return 'utf-16le';
  return even > half * 0.6 && odd < half * 0.1 ? 'utf-16be' : null;
}

const KNOWN_FORMATS: readonly (readonly [signature: string, what: string])[] = [
  ['PK\x03\x04', 'is a spreadsheet or archive, not text; export it as CSV'],
  ['\xd0\xcf\x11\xe0', 'is a spreadsheet, not text; export it as CSV'],
  ['\x1f\x8b', 'is compressed; unpack it with gunzip first'],
  ['\x28\xb5\x2f\xfd', 'is compressed; unpack it with zstd -d first'],
  ['PAR1', 'is a Parquet file; let its name end in .parquet'],
  ['\xff\xfe\x00\x00', 'is text in UTF-32; save it as UTF-8'],
  ['\x00\x00\xfe\xff', 'is text in UTF-32; save it as UTF-8'],
];

function refuseKnownFormats(path: string, start: Buffer): void {
  const head = start.subarray(0, 4).toString('latin1');
  const known = KNOWN_FORMATS.find(([signature]) => head.startsWith(signature));
  if (known) throw new SourceError('InvalidRequest', `${path} ${known[1]}`);
}

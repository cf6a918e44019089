import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { sourceErrorOf } from './source-error-of.ts';
import { SourceError } from './ports.ts';

/**
 * A text file as blocks of whole lines, checked to be UTF-8 (a byte-order mark is passed on). Throws `SourceError`: other
 * encodings, spreadsheets and lines over 1 MB are refused with the line and the fix.
 */
export async function* readUtf8Lines(path: string): AsyncIterable<Buffer> {
  let carry: Buffer = Buffer.alloc(0);
  let linesBefore = 0;
  for await (const chunk of readChunks(path)) {
    if (linesBefore === 0 && carry.length === 0) refuseKnownFormats(path, chunk);
    const joined = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
    const end = joined.lastIndexOf(NEWLINE) + 1;
    const block = joined.subarray(0, end);
    carry = joined.subarray(end);
    refuseOtherEncodings(path, block, linesBefore);
    linesBefore += countLines(block);
    if (carry.length > MAX_LINE_BYTES) {
      throw new SourceError(
        'InvalidRequest',
        `${path} line ${linesBefore + 1} is longer than 1 MB; is this a CSV file?`,
      );
    }
    if (end > 0) yield block;
  }
  refuseOtherEncodings(path, carry, linesBefore);
  if (carry.length > 0) yield carry;
}

const NEWLINE = 0x0a;
const MAX_LINE_BYTES = 1_000_000;

async function* readChunks(path: string): AsyncIterable<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 262_144 })) {
      if (chunk instanceof Buffer) yield chunk;
    }
  } catch (error) {
    throw sourceErrorOf(path, 'file', error);
  }
}

function refuseKnownFormats(path: string, start: Buffer): void {
  const signature = start.subarray(0, 4).toString('latin1');
  if (signature.startsWith('\xff\xfe') || signature.startsWith('\xfe\xff')) {
    throw new SourceError(
      'InvalidRequest',
      `${path} is UTF-16; save it as UTF-8: iconv -f UTF-16 -t UTF-8 in.csv > out.csv`,
    );
  }
  if (signature === 'PK\x03\x04' || signature === '\xd0\xcf\x11\xe0') {
    throw new SourceError(
      'InvalidRequest',
      `${path} is a spreadsheet or archive, not a CSV file; export it as CSV (UTF-8)`,
    );
  }
  if (signature.startsWith('\x1f\x8b')) {
    throw new SourceError('InvalidRequest', `${path} is compressed; unpack it with gunzip first`);
  }
}

function refuseOtherEncodings(path: string, block: Buffer, linesBefore: number): void {
  const zero = block.indexOf(0);
  if (zero >= 0) {
    const line = linesBefore + 1 + countLines(block.subarray(0, zero));
    throw new SourceError(
      'InvalidRequest',
      `${path} line ${line} holds a zero byte: this is no UTF-8 text; save it as CSV (UTF-8)`,
    );
  }
  if (isUtf8(block)) return;
  const line = linesBefore + firstLineNotUtf8(block);
  const fix = 'save it as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 in.csv > out.csv';
  throw new SourceError('InvalidRequest', `${path} is not UTF-8 (line ${line}); ${fix}`);
}

/** From 1. A byte of a newline is never part of a longer character, so lines can be judged one by one. */
function firstLineNotUtf8(block: Buffer): number {
  let line = 1;
  for (let start = 0; start < block.length; line++) {
    const newline = block.indexOf(NEWLINE, start);
    const end = newline < 0 ? block.length : newline + 1;
    if (!isUtf8(block.subarray(start, end))) return line;
    start = end;
  }
  return line;
}

function countLines(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(NEWLINE); at >= 0; at = block.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

import { isUtf8 } from 'node:buffer';
import type { TextEncoding } from '../contracts/source.ts';
import { NEWLINE, countLines, firstLineNotUtf8 } from './line-numbers.ts';
import { readChunks } from './read-chunks.ts';
import { SourceError } from './ports.ts';

/**
 * A text file as UTF-8 blocks of whole lines (a byte-order mark is passed on). Throws `SourceError` with the line: bytes that
 * do not fit the encoding, zero bytes, lines over 1 MB.
 */
export async function* textBlocks(path: string, encoding: TextEncoding): AsyncIterable<Buffer> {
  let carry: Buffer = Buffer.alloc(0);
  let linesBefore = 0;
  for await (const chunk of decoded(path, encoding)) {
    const joined = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
    const end = joined.lastIndexOf(NEWLINE) + 1;
    const block = joined.subarray(0, end);
    carry = joined.subarray(end);
    check(path, block, linesBefore);
    linesBefore += countLines(block);
    if (carry.length > MAX_LINE_BYTES) {
      throw new SourceError(
        'InvalidRequest',
        `${path} line ${linesBefore + 1} is longer than 1 MB; is this a text file?`,
      );
    }
    if (end > 0) yield block;
  }
  check(path, carry, linesBefore);
  if (carry.length > 0) yield carry;
}

export interface TextLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** The lines of a text file, many at once, without line ends and byte-order mark; empty ones are left out. */
export async function* textLines(path: string, encoding: TextEncoding): AsyncIterable<readonly TextLine[]> {
  let line = 0;
  for await (const block of textBlocks(path, encoding)) {
    const lines = block.toString('utf8').split('\n');
    // What follows the last line end is a line only where there is no line end.
    if (lines.at(-1) === '') lines.pop();
    const first = line + 1;
    line += lines.length;
    yield lines.flatMap((each, index) => {
      const text = (first + index === 1 ? each.replace(/^\uFEFF/, '') : each).replace(/\r$/, '');
      return text.trim() === '' ? [] : [{ line: first + index, text }];
    });
  }
}

const MAX_LINE_BYTES = 1_000_000;

async function* decoded(path: string, encoding: TextEncoding): AsyncIterable<Buffer> {
  if (encoding === 'utf-8') return yield* readChunks(path);
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of readChunks(path)) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SourceError(
      'InvalidRequest',
      `${path} is not valid ${encoding.toUpperCase()}; is it damaged or cut off?`,
      {
        cause: error,
      },
    );
  }
}

function check(path: string, block: Buffer, linesBefore: number): void {
  const zero = block.indexOf(0);
  if (zero >= 0) {
    const line = linesBefore + 1 + countLines(block.subarray(0, zero));
    throw new SourceError('InvalidRequest', `${path} line ${line} holds a zero byte: this is no text`);
  }
  if (isUtf8(block)) return;
  const line = linesBefore + firstLineNotUtf8(block);
  throw new SourceError(
    'InvalidRequest',
    `${path} line ${line} is not UTF-8; mend it, or say what it is with "encoding", for example windows-1252`,
  );
}

import { isUtf8 } from 'node:buffer';

/** The byte that ends a line. */
export const NEWLINE = 0x0a;

/** Line ends in a block. */
export function countLines(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(NEWLINE); at >= 0; at = block.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** The number, from 1, of the first line that is not UTF-8. A byte of a newline is never part of a longer character, so lines can be judged one by one. */
export function firstLineNotUtf8(block: Buffer): number {
  let line = 1;
  for (const each of linesOf(block)) {
    if (!isUtf8(each)) return line;
    line++;
  }
  return line;
}

/** The lines of a block, with their line ends. */
export function* linesOf(block: Buffer, lineEnd = NEWLINE): Iterable<Buffer> {
  for (let start = 0; start < block.length;) {
    const newline = block.indexOf(lineEnd, start);
    const end = newline < 0 ? block.length : newline + 1;
    yield block.subarray(start, end);
    start = end;
  }
}

import type { Cell } from './table-reader.ts';
import { textOf } from './text-of.ts';

/** Degrees, with a decimal point or one comma in its place (`48,1371`); undefined beyond -`max` to `max` and for everything else. */
export function toDegrees(cell: Cell | undefined, max: number): number | undefined {
  const text = textOf(cell)
    .trim()
    .replace(/^([+-]?\d+),(\d+)$/, '$1.$2');
  if (typeof cell !== 'number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const degrees = Number(text);
  return Math.abs(degrees) <= max ? degrees : undefined;
}

import type { Cell } from './table-reader.ts';

/** What a cell says in one word or number; empty for lists, objects and nothing. */
export function textOf(cell: Cell | undefined): string {
  return typeof cell === 'string' ? cell : typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : '';
}

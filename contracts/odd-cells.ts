import type { ColumnRole } from './source.ts';

/** A cell that is no place or no time although its column says so; it stays an attribute. */
export interface OddCell {
  /** From 1; null where there are no lines. */
  readonly line: number | null;
  readonly role: Extract<ColumnRole, 'latitude' | 'longitude' | 'time'>;
  readonly column: string;
  /** What it holds, cut to 80 characters. */
  readonly text: string;
}

/** How many odd cells a column has, and the first of them. */
export interface OddCells {
  readonly count: number;
  readonly first: OddCell;
}

/** Counts odd cells by their columns. */
export function withOddCell(counted: readonly OddCells[], cell: OddCell): readonly OddCells[] {
  const at = counted.findIndex(({ first }) => first.role === cell.role);
  const known = counted[at];
  return known ? counted.with(at, { ...known, count: known.count + 1 }) : [...counted, { count: 1, first: cell }];
}

/** `3 cells of "lat" are no latitude, such as "north" on line 4: write degrees from -90 to 90, such as 48.1371`. */
export function oddCellsText({ count, first }: OddCells): string {
  const { line, role, column, text } = first;
  const cells = count === 1 ? `1 cell of "${column}" is` : `${count.toLocaleString('en-US')} cells of "${column}" are`;
  const where = line === null ? '' : ` on line ${line}`;
  return `${cells} no ${role}, such as ${JSON.stringify(text)}${where}: write ${HOW_TO_WRITE[role]}`;
}

const HOW_TO_WRITE: Readonly<Record<OddCell['role'], string>> = {
  latitude: 'degrees from -90 to 90, such as 48.1371',
  longitude: 'degrees from -180 to 180, such as 11.5754',
  time: '2026-05-04, 2026-05-04 10:20 or 2026-05-04T10:20:30+02:00',
};

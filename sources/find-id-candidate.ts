import type { ColumnRole } from '../contracts/source.ts';
import { textOf } from './text-of.ts';
import type { SettledMap, TableRecord } from './table-reader.ts';

const LONGEST_CHARACTERS = 100;

/** The one column without a role whose cells are short texts or numbers, none empty and none twice; null when none or several are. */
export function findIdCandidate(sample: readonly TableRecord[], map: SettledMap): string | null {
  if (sample.length < 2) return null;
  const taken = new Set(Object.values(map satisfies Partial<Record<ColumnRole, unknown>>).flat());
  const names = new Set(sample.flatMap(({ values }) => Object.keys(values)));
  const fitting = [...names].filter(
    (name) => !taken.has(name) && couldBeIds(sample.map(({ values }) => textOf(values[name]))),
  );
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

function couldBeIds(cells: readonly string[]): boolean {
  const ids = cells.map((cell) => cell.trim());
  return new Set(ids).size === ids.length && ids.every((id) => id !== '' && id.length <= LONGEST_CHARACTERS);
}

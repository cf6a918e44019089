import type { Asset } from '../contracts/asset.ts';
import type { OddCell } from '../contracts/odd-cells.ts';
import type { Cell, SettledMap, TableRecord } from './table-reader.ts';
import { toDegrees } from './to-degrees.ts';

const SHOWN_CHARACTERS = 80;

/** The cells of a row that are no place or no time although the map says so. Empty cells are fine. */
export function findOddCells(
  { line, values }: TableRecord,
  { location, detectionTime }: Asset,
  map: SettledMap,
): readonly OddCell[] {
  const { latitude, longitude, time } = map;
  const hasPlace = location !== undefined || latitude === undefined || longitude === undefined;
  const suspects = {
    ...(!hasPlace && { latitude, longitude }),
    ...(detectionTime === undefined && time !== undefined && { time }),
  };
  return Object.entries(suspects).flatMap(([role, column]) => {
    const odd = { line, role: role as OddCell['role'], column, text: shownText(values[column]) };
    return odd.text === '' || isUnderstood(odd.role, values[column]) ? [] : [odd];
  });
}

function isUnderstood(role: OddCell['role'], cell: Cell | undefined): boolean {
  if (role === 'time') return false;
  return toDegrees(cell, role === 'latitude' ? 90 : 180) !== undefined;
}

function shownText(cell: Cell | undefined): string {
  if (cell === undefined || cell === null) return '';
  return (typeof cell === 'object' ? JSON.stringify(cell) : String(cell)).trim().slice(0, SHOWN_CHARACTERS);
}

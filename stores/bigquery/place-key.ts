import type { RunPlace } from '../../contracts/run.ts';
import { StoreMismatchError } from '../ports.ts';

/** The key of a place as the names of its tables have it. Throws `StoreMismatchError` for one that no name may have. */
export function keyInTable(place: RunPlace): string {
  return checked(place, "a table's").replaceAll('-', '_');
}

/** The same as the names of its objects have it. */
export function keyInObject(place: RunPlace): string {
  return checked(place, "an object's");
}

function checked({ key }: RunPlace, whose: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,199}$/.test(key)) return key;
  throw new StoreMismatchError(`${JSON.stringify(key)} cannot be part of ${whose} name.`);
}

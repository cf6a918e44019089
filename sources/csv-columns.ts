import { SourceError } from './ports.ts';

/** What each column of a CSV file means; numbers are positions, from 0. */
export interface CsvColumns {
  readonly names: readonly string[];
  readonly id: number;
  readonly image: number;
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
  readonly time: number | undefined;
}

export interface ColumnChoice {
  readonly idColumn?: string;
  readonly imageColumn?: string;
}

/**
 * Reads the header of a CSV file. Columns that are not chosen are recognised by their usual names, in any case and with
 * `_`, `-` or blanks between words. Throws `SourceError` that lists the columns when one is missing or there twice.
 */
export function readHeader(path: string, header: readonly string[], choice: ColumnChoice): CsvColumns {
  // Tables written with their row index have a first column without a name.
  const names = header.map((name, index) => name.trim() || `column_${index + 1}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new SourceError('InvalidRequest', `${path} line 1: the column "${twice}" is there twice; rename one of them`);
  }
  return {
    names,
    id: findColumn(path, names, ID_NAMES, 'id', 'idColumn', choice.idColumn),
    image: findColumn(path, names, IMAGE_NAMES, 'image path', 'imageColumn', choice.imageColumn),
    latitude: guess(names, LATITUDE_NAMES),
    longitude: guess(names, LONGITUDE_NAMES),
    time: guess(names, TIME_NAMES),
  };
}

const ID_NAMES = ['id', 'assetid', 'name'];
const IMAGE_NAMES =
  'image imagepath imagefile imagefilename imageuri imageurl photo photopath path file filepath filename uri url'.split(
    ' ',
  );
const LATITUDE_NAMES = ['latitude', 'lat'];
const LONGITUDE_NAMES = ['longitude', 'lng', 'lon', 'long'];
const TIME_NAMES = ['detectiontime', 'capturedat'];

function findColumn(
  path: string,
  names: readonly string[],
  usual: readonly string[],
  what: string,
  setting: string,
  chosen: string | undefined,
): number {
  const found = chosen === undefined ? guess(names, usual) : chosenColumn(names, chosen);
  if (found !== undefined) return found;
  const shown = names.slice(0, 30).join(', ') + (names.length > 30 ? ', ...' : '');
  const missing =
    chosen === undefined
      ? `has no column for the ${what}; name it with "${setting}"`
      : `has no column "${chosen}" (${setting})`;
  throw new SourceError('InvalidRequest', `${path} ${missing}. Its columns: ${shown}`);
}

function chosenColumn(names: readonly string[], chosen: string): number | undefined {
  const exact = names.indexOf(chosen);
  return exact >= 0 ? exact : guess(names, [normalise(chosen)]);
}

/** The first usual name wins, not the first column. */
function guess(names: readonly string[], usual: readonly string[]): number | undefined {
  const normal = names.map(normalise);
  return usual.map((name) => normal.indexOf(name)).find((index) => index >= 0);
}

function normalise(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
}

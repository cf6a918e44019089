import type { ColumnMap, ColumnRole } from '../contracts/source.ts';
import { SourceError } from './ports.ts';
import type { Cell, SettledMap, TableRecord } from './table-reader.ts';

/**
 * Completes what a person said about the columns of a table. What is left open is recognised by usual names (in any case,
 * with `_`, `-` or blanks between words), then by the values of the first rows. Without a column of ids the address of the
 * image is the id. Throws `SourceError` that lists the columns when one is missing or there is more than one candidate.
 */
export function guessColumns(
  path: string,
  columns: readonly string[],
  sample: readonly TableRecord[],
  chosen: ColumnMap = {},
): SettledMap {
  const choose = (role: ColumnRole, name: string): string => chosenColumn(path, columns, role, name);
  const image =
    chosen.image === undefined
      ? guessImages(path, columns, sample)
      : listOf(chosen.image).map((name) => choose('image', name));
  const id = chosen.id === undefined ? guessId(columns, image) : choose('id', chosen.id);
  const others = (['latitude', 'longitude', 'time', 'observation'] as const).flatMap((role) => {
    const named = chosen[role];
    const name = named === undefined ? byName(columns, USUAL_NAMES[role]) : choose(role, named);
    return name === undefined ? [] : [[role, name] as const];
  });
  const { latitude, longitude, ...rest } = Object.fromEntries(others) as Omit<ColumnMap, 'id' | 'image'>;
  if (latitude !== undefined && longitude !== undefined) return { id, image, latitude, longitude, ...rest };
  checkPlace(path, columns, chosen);
  return { id, image, ...rest };
}

const USUAL_NAMES = {
  id: 'id assetid name'.split(' '),
  image:
    'image images gcsuri gcsuris imagepath imagefile imagefilename imageuri imageuris imageurl imagelink photo photopath photourl path file filepath filename uri url link'.split(
      ' ',
    ),
  latitude: ['latitude', 'lat'],
  longitude: ['longitude', 'lng', 'lon', 'long'],
  time: ['detectiontime', 'capturedat'],
  observation: ['observationid'],
} as const satisfies Record<ColumnRole, readonly string[]>;

const IMAGE_VALUE = /^(https?|gs|file):\/\/\S+$|\.(jpe?g|png|webp|tiff?|gif|avif|hei[cf]|bmp)$/i;

function guessImages(path: string, columns: readonly string[], sample: readonly TableRecord[]): readonly string[] {
  const named = byName(columns, USUAL_NAMES.image);
  if (named !== undefined) return [named];
  const looking = columns.filter((name) => holdsImages(name, sample));
  if (looking.length === 1 || isSeries(looking)) return looking;
  if (looking.length > 1) {
    throw new SourceError(
      'InvalidRequest',
      `${path} has several columns that look like images (${shown(looking)}); name those that count with "map"`,
    );
  }
  throw new SourceError(
    'InvalidRequest',
    `${path} has no column that looks like images; name it with "map". Its columns: ${shown(columns)}`,
  );
}

function holdsImages(name: string, sample: readonly TableRecord[]): boolean {
  const texts = sample.flatMap(({ values }) => firstText(values[name])).filter((text) => text !== '');
  return texts.length > 0 && texts.every((text) => IMAGE_VALUE.test(text));
}

function firstText(cell: Cell | undefined): readonly string[] {
  const first: Cell = Array.isArray(cell) ? ((cell[0] as Cell | undefined) ?? null) : (cell ?? null);
  return typeof first === 'string' ? [first.trim()] : [];
}

/** `photo1`, `photo2`: one name with a number. */
function isSeries(names: readonly string[]): boolean {
  const stems = new Set(names.map((name) => normalise(name).replace(/\d+$/, '')));
  return names.length > 1 && stems.size === 1 && names.every((name) => /\d$/.test(normalise(name)));
}

/** A usual name, or else the one column whose name ends in `id`, or else the images themselves. */
function guessId(columns: readonly string[], image: readonly string[]): string {
  const named = byName(columns, USUAL_NAMES.id);
  if (named !== undefined) return named;
  const endings = columns.filter(
    (name) => /([\s_-]id|Id|ID)$/.test(name.trim()) && normalise(name) !== 'observationid',
  );
  return (endings.length === 1 ? endings[0] : image[0]) ?? '';
}

function chosenColumn(path: string, columns: readonly string[], role: ColumnRole, name: string): string {
  const found = columns.includes(name) ? name : byName(columns, [normalise(name)]);
  if (found !== undefined) return found;
  throw new SourceError(
    'InvalidRequest',
    `${path} has no column "${name}", which "map" names for ${role}. Its columns: ${shown(columns)}`,
  );
}

/** Half a place says nothing: one that is only recognised is an attribute, but who names one half means both. */
function checkPlace(path: string, columns: readonly string[], chosen: ColumnMap): void {
  for (const [role, other] of [
    ['latitude', 'longitude'],
    ['longitude', 'latitude'],
  ] as const) {
    if (chosen[role] === undefined) continue;
    throw new SourceError(
      'InvalidRequest',
      `${path}: "map" names a column for ${role} and none for ${other}; name both, or neither. Its columns: ${shown(columns)}`,
    );
  }
}

/** The first usual name wins, not the first column. */
function byName(columns: readonly string[], usual: readonly string[]): string | undefined {
  const normal = columns.map(normalise);
  const index = usual.map((name) => normal.indexOf(name)).find((at) => at >= 0);
  return index === undefined ? undefined : columns[index];
}

function normalise(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function shown(names: readonly string[]): string {
  return names.slice(0, 30).join(', ') + (names.length > 30 ? ', ...' : '');
}

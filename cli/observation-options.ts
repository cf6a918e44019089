import { InvalidArgumentError, type Command } from 'commander';
import type { AreaFilter, ObservationFilters } from '../contracts/source.ts';
import { toIsoTime } from '../sources/iso-time.ts';
import { usageError } from './cli-error.ts';
import { flagOf } from './flag-of.ts';
import { repeated } from './parse-option.ts';

/** Which observations of street imagery are taken, as it was typed. */
export interface ObservationOptions {
  readonly assetClass?: readonly string[];
  readonly box?: string;
  readonly around?: string;
  readonly snapshot?: string;
  readonly capturedAfter?: string;
  readonly capturedBefore?: string;
  readonly detectedAfter?: string;
  readonly detectedBefore?: string;
}

interface OptionRule {
  readonly value: string;
  readonly says: string;
  /** What it is in a request; undefined: it is none. */
  readonly read: (text: string) => Partial<ObservationFilters> | undefined;
  /** Completes "It takes ...". */
  readonly form: string;
}

const BOX = 'south,west,north,east in degrees, such as 40,-112,41,-111';
const AROUND = 'latitude,longitude in degrees and metres, such as 40.76,-111.89,5000';
const TIME = 'a day or time such as 2026-05-04 or 2026-05-04T10:20:00Z';

const RULES: Readonly<Record<Exclude<keyof ObservationOptions, 'assetClass'>, OptionRule>> = {
  box: { value: '<s,w,n,e>', says: 'only in this box of degrees', read: readBox, form: BOX },
  around: { value: '<lat,lng,m>', says: 'only so many metres around a place', read: readAround, form: AROUND },
  snapshot: {
    value: '<id>',
    says: 'only this snapshot',
    read: (snapshot) => (snapshot.trim() === '' ? undefined : { snapshot }),
    form: 'the id of a snapshot',
  },
  capturedAfter: timeRule('capturedAfter', 'only images taken then or later'),
  capturedBefore: timeRule('capturedBefore', 'only images taken before'),
  detectedAfter: timeRule('detectedAfter', 'only assets detected then or later'),
  detectedBefore: timeRule('detectedBefore', 'only assets detected before'),
};

const OF_ONE_VALUE = Object.entries(RULES) as readonly [keyof typeof RULES, OptionRule][];

export const OBSERVATION_OPTIONS: readonly (keyof ObservationOptions)[] = [
  'assetClass',
  ...OF_ONE_VALUE.map(([name]) => name),
];

export function addObservationOptions(command: Command): void {
  const about = 'BigQuery, street imagery:';
  command.option('--asset-class <name>', `${about} only this class of assets; repeatable`, repeated);
  for (const [name, { value, says, read, form }] of OF_ONE_VALUE) {
    command.option(`${flagOf(name)} ${value}`, `${about} ${says}`, (text: string) => {
      if (read(text) === undefined) throw new InvalidArgumentError(`It takes ${form}.`);
      return text;
    });
  }
}

/** The filters that were typed; undefined without any. */
export function filtersOf(options: ObservationOptions): ObservationFilters | undefined {
  const { assetClass, box, around } = options;
  if (box !== undefined && around !== undefined) throw usageError('--box and --around are two areas; give one.');
  const read = OF_ONE_VALUE.flatMap(([name, rule]) => rule.read(options[name] ?? '') ?? []);
  const filters: ObservationFilters = Object.assign({}, ...read, assetClass && { assetClass });
  return Object.keys(filters).length === 0 ? undefined : filters;
}

function timeRule(
  name: 'capturedAfter' | 'capturedBefore' | 'detectedAfter' | 'detectedBefore',
  says: string,
): OptionRule {
  const read = (text: string) => {
    const time = toIsoTime(text);
    return time === undefined ? undefined : { [name]: time };
  };
  return { value: '<time>', says, read, form: TIME };
}

function readBox(text: string): { readonly area: AreaFilter } | undefined {
  const [south, west, north, east, ...rest] = numbersIn(text);
  if (south === undefined || west === undefined || north === undefined || east === undefined) return undefined;
  const isRight = [south, north].every(isLatitude) && [west, east].every(isLongitude) && south <= north;
  return isRight && rest.length === 0 ? { area: { box: { south, west, north, east } } } : undefined;
}

function readAround(text: string): { readonly area: AreaFilter } | undefined {
  const [latitude, longitude, radiusM, ...rest] = numbersIn(text);
  if (latitude === undefined || longitude === undefined || radiusM === undefined) return undefined;
  const isRight = isLatitude(latitude) && isLongitude(longitude) && radiusM > 0 && radiusM <= MOST_METRES;
  return isRight && rest.length === 0 ? { area: { centre: { latitude, longitude }, radiusM } } : undefined;
}

/** Half around the earth. */
const MOST_METRES = 20_000_000;

/** Empty where one of them is no number. */
function numbersIn(text: string): readonly number[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts.every((part) => /^[+-]?\d+(\.\d+)?$/.test(part)) ? parts.map(Number) : [];
}

function isLatitude(degrees: number): boolean {
  return Math.abs(degrees) <= 90;
}

function isLongitude(degrees: number): boolean {
  return Math.abs(degrees) <= 180;
}

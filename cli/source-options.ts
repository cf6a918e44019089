import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isAddress } from '../contracts/asset.ts';
import type { RunRequest } from '../contracts/run.ts';
import {
  COLUMN_ROLES,
  DELIMITERS,
  SOURCE_KINDS,
  TABLE_KINDS,
  TEXT_ENCODINGS,
  type ColumnMap,
  type ColumnRole,
  type Delimiter,
  type SourceSpec,
  type TextEncoding,
} from '../contracts/source.ts';
import { didYouMean } from '../prompts/did-you-mean.ts';
import { kindByEnding } from '../sources/resolve-source-spec.ts';
import type { CliContext } from './cli-context.ts';
import { usageError } from './cli-error.ts';
import { flagOf } from './flag-of.ts';
import { keepStdin } from './keep-stdin.ts';
import {
  addObservationOptions,
  filtersOf,
  OBSERVATION_OPTIONS,
  type ObservationOptions,
} from './observation-options.ts';
import { DELIMITER_WORDS } from './output/source-text.ts';
import { repeated, wholeNumber } from './parse-option.ts';

/** Options that say what a source is and how it is read. */
export interface SourceOptions extends ObservationOptions {
  readonly format?: SourceSpec['kind'];
  readonly map?: readonly string[];
  readonly rowsPerAsset?: 'one' | 'many';
  readonly encoding?: TextEncoding;
  readonly delimiter?: Delimiter;
  readonly group?: string;
  readonly base?: string;
  readonly query?: string;
  readonly imagesPerAsset?: number;
  readonly limit?: number;
  readonly maximumBytesBilled?: number;
}

const DELIMITER_NAMES = Object.values(DELIMITER_WORDS).join(', ');

export function addSourceOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--format <kind>',
        'what the source is (default: by its ending; - reads standard input: JSON Lines or a list)',
      ).choices(SOURCE_KINDS),
    )
    .option(
      '--map <role=column>',
      `table: column of ${COLUMN_ROLES.join(', ')}; several by commas; repeatable`,
      repeated,
    )
    .addOption(
      new Option('--rows-per-asset <count>', 'table: rows with the same id are one asset').choices(['one', 'many']),
    )
    .addOption(new Option('--encoding <name>', 'text: encoding (default: by its bytes)').choices(TEXT_ENCODINGS))
    .option('--delimiter <name>', `CSV: ${DELIMITER_NAMES} (default: by the header)`, toDelimiter)
    .option('--base <folder>', 'tables and lists: where relative image paths start (default: the folder of the file)')
    .option('--group <rule>', 'folder: files that are one asset, by their names, such as {id}_*')
    .option('--query <sql>', 'BigQuery: a SELECT in place of a table; the source is then bq://PROJECT');
  addObservationOptions(command);
  command
    .option(
      '--images-per-asset <count>',
      'BigQuery, street imagery: the newest of each asset (default: 10)',
      wholeNumber(1, 200),
    )
    .option('--limit <count>', 'BigQuery: most assets, or rows', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option(
      '--maximum-bytes-billed <count>',
      'BigQuery: a query that would read more is not run (default: 100 GB)',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    );
}

/** The source that the command line says; `-` reads standard input to its end and keeps it in the data folder. */
export async function sourceOf(
  context: CliContext,
  typed: string,
  options: SourceOptions,
): Promise<RunRequest['source']> {
  const { io } = context;
  if (typed === '-') {
    const kept = await keepStdin(context, options.format);
    return withOptions(kept, typed, options, io.workingDir);
  }
  const path = isAddress(typed) || typed === '' ? typed : resolve(io.workingDir, typed);
  if (OPTION_NAMES.every((name) => options[name] === undefined)) return path;
  const kind = options.format ?? (options.group === undefined ? kindByEnding(path) : 'folder');
  if (kind === undefined) {
    throw usageError(
      `The ending of ${context.word(typed)} does not say what it is.`,
      `Say it with --format: ${SOURCE_KINDS.join(', ')}.`,
    );
  }
  return withOptions({ kind, path }, typed, options, io.workingDir);
}

/** The same options as a person types them, for the next command. */
export function sourceWords(options: SourceOptions, word: (text: string) => string): readonly string[] {
  const { map = [], assetClass = [], ...others } = options;
  const plain = OPTION_NAMES.flatMap((name) => {
    const value = others[name as keyof typeof others];
    return value === undefined ? [] : [flagOf(name), word(wordOfDelimiter(String(value)))];
  });
  return [
    ...plain,
    ...map.flatMap((pair) => ['--map', word(pair)]),
    ...assetClass.flatMap((name) => ['--asset-class', word(name)]),
  ];
}

function wordOfDelimiter(value: string): string {
  const delimiter = DELIMITERS.find((each) => each === value);
  return delimiter === undefined ? value : DELIMITER_WORDS[delimiter];
}

type PlainOption = Exclude<keyof SourceOptions, keyof ObservationOptions>;

/** Which kinds of source take an option; those of observations are for BigQuery. */
const OPTION_KINDS: Readonly<Record<PlainOption, readonly SourceSpec['kind'][]>> = {
  format: SOURCE_KINDS,
  map: TABLE_KINDS,
  rowsPerAsset: TABLE_KINDS,
  encoding: ['csv', 'jsonl', 'list'],
  delimiter: ['csv'],
  group: ['folder'],
  base: [...TABLE_KINDS, 'list'],
  query: ['bigquery'],
  imagesPerAsset: ['bigquery'],
  limit: ['bigquery'],
  maximumBytesBilled: ['bigquery'],
};

const OPTION_NAMES: readonly (keyof SourceOptions)[] = [
  ...(Object.keys(OPTION_KINDS) as PlainOption[]),
  ...OBSERVATION_OPTIONS,
];

/** Those that stand in a specification as they are. */
const PLAIN_OPTIONS = [
  'rowsPerAsset',
  'encoding',
  'delimiter',
  'group',
  'query',
  'imagesPerAsset',
  'limit',
  'maximumBytesBilled',
] as const satisfies readonly (keyof SourceOptions)[];

function withOptions(spec: SourceSpec, typed: string, options: SourceOptions, workingDir: string): SourceSpec {
  const { map, base } = options;
  const read = {
    map: map && parseMap(map),
    base: base === undefined || isAddress(base) ? base : resolve(workingDir, base),
  };
  const plain = PLAIN_OPTIONS.map((name) => [name, options[name]] as const);
  const given = [...plain, ...Object.entries(read)].filter(([, value]) => value !== undefined);
  const typedFilters = OBSERVATION_OPTIONS.filter((name) => options[name] !== undefined).map((name) => [name] as const);
  const wrong = [...given, ...typedFilters].find(([name]) => !takes(name as keyof SourceOptions, spec.kind));
  if (wrong) {
    throw usageError(
      `${flagOf(wrong[0])} says nothing about ${typed}, which is read as ${spec.kind}.`,
      'Leave it out, or name the kind with --format.',
    );
  }
  const filters = filtersOf(options);
  return { ...spec, ...Object.fromEntries(given), ...(filters && { filters }) };
}

function takes(name: keyof SourceOptions, kind: SourceSpec['kind']): boolean {
  const kinds: Readonly<Partial<Record<string, readonly SourceSpec['kind'][]>>> = OPTION_KINDS;
  return kinds[name]?.includes(kind) ?? kind === 'bigquery';
}

/** Usual other words for what a column means. */
const ROLE_WORDS: Readonly<Record<string, ColumnRole>> = {
  ...Object.fromEntries(COLUMN_ROLES.map((role) => [role, role])),
  url: 'image',
  path: 'image',
  lat: 'latitude',
  lng: 'longitude',
  lon: 'longitude',
};

/** `id=asset,image=front,image=back`; a column whose name has a comma is given alone. */
export function parseMap(texts: readonly string[]): ColumnMap {
  const map: { -readonly [Role in ColumnRole]?: string } = {};
  const images: string[] = [];
  for (const pair of texts.flatMap(splitPairs)) {
    const at = pair.indexOf('=');
    const [word, column] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 1 || column === '') throw usageError(`--map takes role=column, not ${JSON.stringify(pair)}.`, MAP_HINT);
    const role = Object.hasOwn(ROLE_WORDS, word) ? ROLE_WORDS[word] : undefined;
    if (role === undefined) {
      const meant = didYouMean(word, Object.keys(ROLE_WORDS));
      throw usageError(`--map knows no role ${JSON.stringify(word)}.`, meant ? `Did you mean ${meant}?` : MAP_HINT);
    }
    if (role === 'image') images.push(column);
    else if (map[role] === undefined) map[role] = column;
    else throw usageError(`--map names a column for ${role} twice.`, 'Only image may have several columns.');
  }
  return { ...map, ...(images.length > 0 && { image: images }) };
}

const MAP_HINT = `Roles are ${COLUMN_ROLES.join(', ')}; for example --map id=pole,image=photo`;

/** At commas that another pair follows. */
function splitPairs(text: string): readonly string[] {
  return text.split(/,(?=\s*[a-z]+\s*=)/);
}

function toDelimiter(word: string): Delimiter {
  const known = DELIMITERS.find((delimiter) => delimiter === word || DELIMITER_WORDS[delimiter] === word);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`It takes ${DELIMITER_NAMES}.`);
}

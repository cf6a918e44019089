/** Encodings of text files that can be read; `windows-1252` reads Latin-1 as well. */
export const TEXT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];

/** Characters that can stand between the cells of a CSV file. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** What a column (or key) of a table can mean. The others become attributes. */
export const COLUMN_ROLES = ['id', 'image', 'latitude', 'longitude', 'time', 'observation'] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** Names of columns by what they mean. What is left out is recognised by names and values when the run starts. */
export interface ColumnMap {
  /** May be the column of the images: then the first address is the id. */
  readonly id?: string;
  /** One column, or several: one image each, in this order. */
  readonly image?: string | readonly string[];
  /** Degrees north, -90 to 90. */
  readonly latitude?: string;
  /** Degrees east, -180 to 180. */
  readonly longitude?: string;
  /** When the asset was seen: `2026-05-04`, `2026-05-04 10:20`, `2026-05-04T10:20:30.5+02:00`, `04.05.2026 10:20`. */
  readonly time?: string;
  /** Id of the observation that a row's image belongs to. */
  readonly observation?: string;
}

interface FileSpec {
  /** Absolute, once the request is resolved. */
  readonly path: string;
  /** Folder where relative image paths start. Default: the folder of the file. */
  readonly base?: string;
}

interface TableOptions extends FileSpec {
  readonly map?: ColumnMap;
  /** `many`: rows with the same id stand together and are one asset, with an image per row. Default: `one`. */
  readonly rowsPerAsset?: 'one' | 'many';
}

interface TextOptions {
  /** Default: found out by reading the file. */
  readonly encoding?: TextEncoding;
}

/** A folder of images, on disk or in a bucket: `gs://bucket/folder`, `gs://bucket/folder/17_*.jpg`. */
export interface FolderSpec {
  readonly kind: 'folder';
  readonly path: string;
  /** Which files of a folder are one asset, by their names: `{id}_*` makes one of `17_front.jpg` and `17_back.jpg`. */
  readonly group?: string;
}

/** A CSV file with a header. */
export interface CsvSpec extends TableOptions, TextOptions {
  readonly kind: 'csv';
  /** Default: the first of comma, semicolon, tab and bar that the header has. */
  readonly delimiter?: Delimiter;
}

/** A file of one JSON object per line. */
export interface JsonlSpec extends TableOptions, TextOptions {
  readonly kind: 'jsonl';
}

/** A Parquet file. */
export interface ParquetSpec extends TableOptions {
  readonly kind: 'parquet';
}

/** A text file of one image path or address per line. */
export interface ListSpec extends FileSpec, TextOptions {
  readonly kind: 'list';
}

export type TableSpec = CsvSpec | JsonlSpec | ParquetSpec;

/** Columns that say where and when a thing was seen. */
export interface SightColumns {
  readonly location: readonly string[];
  readonly time: readonly string[];
}

/** Those of a source as its map names them: half a place is none. */
export function sightColumns(spec: SourceSpec): SightColumns {
  const { latitude, longitude, time } = 'map' in spec ? (spec.map ?? {}) : {};
  return {
    location: latitude === undefined || longitude === undefined ? [] : [latitude, longitude],
    time: time === undefined ? [] : [time],
  };
}

/** Where assets come from. */
export type SourceSpec = FolderSpec | TableSpec | ListSpec;

export const TABLE_KINDS = ['csv', 'jsonl', 'parquet'] as const satisfies readonly TableSpec['kind'][];
export const SOURCE_KINDS = ['folder', ...TABLE_KINDS, 'list'] as const satisfies readonly SourceSpec['kind'][];

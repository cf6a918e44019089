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
  /** Folder where relative image paths start, or an address such as `gs://bucket/photos`. Default: the folder of the file. */
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

/** Which observations of street imagery are taken. Times are ISO 8601; `...After` is included, `...Before` is not. */
export interface ObservationFilters {
  /** `UTILITY_POLE` or `ASSET_CLASS_UTILITY_POLE`; one of several. */
  readonly assetClass?: string | readonly string[];
  readonly area?: AreaFilter;
  /** Id of a snapshot. */
  readonly snapshot?: string;
  readonly capturedAfter?: string;
  readonly capturedBefore?: string;
  readonly detectedAfter?: string;
  readonly detectedBefore?: string;
}

/** Degrees. A box whose `west` is greater than its `east` goes over the 180th meridian. */
export type AreaFilter =
  | { readonly box: { readonly south: number; readonly west: number; readonly north: number; readonly east: number } }
  | { readonly centre: { readonly latitude: number; readonly longitude: number }; readonly radiusM: number };

/** A table of BigQuery, or what a query there gives. */
export interface BigQuerySpec extends TableOptions {
  readonly kind: 'bigquery';
  /** `bq://project.dataset.table`; with a query `bq://project`, in which it runs. */
  readonly path: string;
  /** One SELECT in GoogleSQL, in place of a table. */
  readonly query?: string;
  /**
   * `observations`: rows of street imagery become assets with all their images, the newest first. Default where the table has the
   * columns of street imagery and nothing is said about columns; otherwise `none`.
   */
  readonly grouping?: 'observations' | 'none';
  /** With `grouping` only. */
  readonly filters?: ObservationFilters;
  /** With `grouping` only: the newest of each asset. Default 10, 1 to 200. */
  readonly imagesPerAsset?: number;
  /** Most assets; of a table that is not grouped and has one row for each, most rows. Default: all. */
  readonly limit?: number;
  /** Where the data is, such as `EU`. Default: BigQuery finds it out. */
  readonly location?: string;
  /** A query that would read more is not run. Default 100 GB. */
  readonly maximumBytesBilled?: number;
  /** The table is read as it was at this time, ISO 8601. Default: when the source is settled, where BigQuery can. */
  readonly asOf?: string;
}

/** A text file of one image path or address per line. */
export interface ListSpec extends FileSpec, TextOptions {
  readonly kind: 'list';
}

export type TableSpec = CsvSpec | JsonlSpec | ParquetSpec | BigQuerySpec;

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

export const TABLE_KINDS = ['csv', 'jsonl', 'parquet', 'bigquery'] as const satisfies readonly TableSpec['kind'][];
export const SOURCE_KINDS = ['folder', ...TABLE_KINDS, 'list'] as const satisfies readonly SourceSpec['kind'][];

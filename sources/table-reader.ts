import type { ColumnMap, TableSpec } from '../contracts/source.ts';
import type { AssetStatement, Original, Reject } from './ports.ts';

/** A value of a table: text in CSV, anything that JSON can say in the others. */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [key: string]: Cell };

/** A row of a table, by the names of its columns. */
export interface TableRecord {
  readonly line: number | null;
  readonly values: Readonly<Record<string, Cell>>;
  readonly original: () => Original;
}

/** A row that cannot be read. */
export interface BadRecord {
  readonly line: number | null;
  readonly problem: string;
  /** Default: `bad`. */
  readonly kind?: Reject['kind'];
  readonly original: () => Original;
}

export type TableEntry = TableRecord | BadRecord;

/** One kind of table file. Everything throws `SourceError`. */
export interface TableReader<Spec extends TableSpec> {
  readonly kind: Spec['kind'];
  /** Whether each reading is paid for: then what is settled is not looked at again. Default: no. */
  readonly isMetered?: boolean;
  /** Finds out what has to be known before the first row can be read. */
  open(spec: Spec): Promise<Spec>;
  /** The rows in order, many at once: a step of an asynchronous loop for each would cost more than reading it. */
  entries(spec: Spec): AsyncIterable<readonly TableEntry[]>;
  /** See `AssetSource.statement`; gets a settled specification with a row per asset. */
  readonly statement?: (spec: Settled<Spec>) => Promise<AssetStatement | null>;
}

/** A map with nothing left open. What it does not name is not in the table. */
export interface SettledMap extends Omit<ColumnMap, 'id' | 'image'> {
  readonly id: string;
  readonly image: readonly string[];
}

/** A specification with nothing left open. */
export type Settled<Spec> = Spec & {
  readonly base: string;
  readonly map: SettledMap;
  readonly rowsPerAsset: 'one' | 'many';
};

import { parseBigQueryPath } from './parse-bigquery-path.ts';

/** What stands beside a table of observations in a data set of street imagery. */
export interface StreetTables {
  /** Address of the table of snapshots. */
  readonly snapshots: string;
  /** Address of the table that lists assets, also those without any observation; null: the name does not say which it is. */
  readonly assets: string | null;
  /** As the table of snapshots names what the observations belong to; null: the older data set has but one. */
  readonly product: string | null;
}

/** In the older data set, and in the newer one. */
const OBSERVATIONS = /^(?:(?:latest|all)_observations|(?:cropped|full_frame)_observations_(?:latest|all))$/;

const PRODUCTS: readonly (readonly [prefix: string, product: string])[] = [
  ['cropped_', 'SV_CROPPED_ASSETS'],
  ['full_frame_', 'SV_FULL_FRAME_ASSETS'],
];

/** By the names of the tables; null where the address names a project only. Throws `SourceError`. */
export function streetTablesBeside(path: string): StreetTables | null {
  const { table: name } = parseBigQueryPath(path);
  if (name === undefined) return null;
  const table = name.slice(name.lastIndexOf('.') + 1);
  const dataset = name.slice(0, -table.length);
  const [, product = null] = PRODUCTS.find(([prefix]) => table.startsWith(prefix)) ?? [];
  const assets = OBSERVATIONS.test(table) ? `bq://${dataset}${table.replace('observations', 'assets')}` : null;
  return { snapshots: `bq://${dataset}snapshots`, assets, product };
}

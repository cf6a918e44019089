import type { Dataset } from '@google-cloud/bigquery';
import type { BigQueryStoreSpec } from '../../contracts/run.ts';
import { StoreMismatchError, StoreRefusedError } from '../ports.ts';
import type { BigQueryConnection } from './open-bigquery.ts';
import { calling, isNotFound } from './google-errors.ts';

/** A parameter of a statement; null needs a type, which these have. */
export type Parameter = string | number | boolean | readonly string[] | readonly number[];

export type Row = Readonly<Record<string, unknown>>;

/** One dataset as the stores use it. */
export interface StoreDataset {
  readonly connection: BigQueryConnection;
  readonly dataset: Dataset;
  readonly project: string;
  readonly name: string;
  /** A table as statements name it. */
  quoted(table: string): string;
  /** A table as the Storage Write protocol names it. */
  path(table: string): string;
  /** Rows of a statement with named parameters. Throws what the client throws. */
  query(sql: string, params?: Readonly<Record<string, Parameter>>): Promise<readonly Row[]>;
  /** Where it is; jobs of a dataset run there. Throws `StoreRefusedError` when there is no such dataset. */
  location(): Promise<string>;
}

export function openDataset(spec: BigQueryStoreSpec, connection: BigQueryConnection): StoreDataset {
  const [project, name] = [checked(spec.project, /^[a-z0-9.:-]{1,100}$/), checked(spec.dataset, /^\w{1,1024}$/)];
  const dataset = connection.rest.dataset(name, { projectId: project });
  let found: Promise<string> | undefined;
  const location = (): Promise<string> => {
    found ??= locate(dataset, `${project}.${name}`).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
  return {
    connection,
    dataset,
    project,
    name,
    quoted: (table) => `\`${project}\`.\`${name}\`.\`${table}\``,
    path: (table) => `projects/${project}/datasets/${name}/tables/${table}`,
    async query(query, params = {}) {
      const where = await location();
      const [rows] = await connection.rest.query({ query, params, location: where });
      return rows as readonly Row[];
    },
    location,
  };
}

async function locate(dataset: Dataset, name: string): Promise<string> {
  return calling(`look at the dataset ${name}`, async () => {
    const [metadata] = await dataset.getMetadata();
    return (metadata as { readonly location?: string }).location ?? 'US';
  }).catch((error: unknown) => {
    if (!isNotFound((error as Error).cause)) throw error;
    const fix = `npx sightline gcloud setup --store bq://${name} --location US`;
    const message = `The dataset ${name} does not exist. Make it where the data is that you read, US or another location, for good: ${fix}`;
    throw new StoreRefusedError(message, { cause: error });
  });
}

function checked(name: string, pattern: RegExp): string {
  if (pattern.test(name)) return name;
  throw new StoreMismatchError(`${JSON.stringify(name)} is no name of a project or dataset.`);
}

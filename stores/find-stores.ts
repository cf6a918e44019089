import type { Storage } from '@google-cloud/storage';
import type { AuthClient } from 'google-auth-library';
import { remembered } from '../contracts/remembered.ts';
import { parseStoreText, storeText } from '../contracts/store-text.ts';
import type { BigQueryStoreSpec, StoreSpec } from '../contracts/run.ts';
import { calling } from './bigquery/google-errors.ts';
import type { LoadBucket } from './bigquery/load-bucket.ts';
import type { BigQueryConnection } from './bigquery/open-bigquery.ts';
import type { BigQueryStores } from './bigquery/open-bigquery-stores.ts';
import { openParquetStores, type Stores, type StoresOptions } from './index.ts';
import type { SettledStore } from './ports.ts';

export interface FindStoresInput extends StoresOptions {
  /** Folder of everything that is kept as files. */
  readonly dataDir: string;
  /** `bq://project.dataset`, or empty: the data folder. Runs that do not say go there, and their records are there. */
  readonly home: string;
  /** Where BigQuery answers, if not at Google. */
  readonly bigQuery: BigQueryServers;
  /** For the server at this address, default Google's; undefined: those that Google's libraries find by themselves. Throws where there are none. */
  readonly credentialsAt: (endpoint: string | undefined) => Promise<AuthClient | undefined>;
  /** Asked for where rows are loaded from a bucket. */
  readonly storage: () => Promise<Storage>;
}

export interface BigQueryServers {
  readonly apiEndpoint?: string;
  /** `host:port` of the Storage Write protocol, without TLS. */
  readonly grpcEndpoint?: string;
}

/** The stores of this process, each opened when it is first asked for. */
export interface StoreFinder {
  readonly homeSpec: StoreSpec;
  home(): Promise<Stores>;
  /** Those of a run, by where its results go; undefined: files. Run records and blobs of files are always in the data folder. */
  of(spec: StoreSpec | undefined): Promise<Stores>;
  /** The same store with nothing left open: how rows get in is found out here, once for the whole run. */
  settle(spec: StoreSpec): Promise<SettledStore>;
  close(): void;
}

/** Libraries of Google are loaded when a dataset is first asked for: a command about files does not wait for them. */
export function createStoreFinder(input: FindStoresInput): StoreFinder {
  const { dataDir, home, bigQuery, credentialsAt, storage, ...options } = input;
  const files = openParquetStores(dataDir, options);
  const connections = new Map<string, Promise<BigQueryConnection>>();
  const datasets = new Map<string, Promise<BigQueryStores>>();
  const homeSpec = homeOf(home, dataDir);
  const inBigQuery = (spec: BigQueryStoreSpec): Promise<BigQueryStores> =>
    remembered(datasets, storeText(spec), () => openDataset(spec));
  const of = (spec: StoreSpec | undefined): Promise<Stores> =>
    spec === undefined || spec.kind === 'parquet' ? Promise.resolve(files) : inBigQuery(spec);
  return {
    homeSpec,
    home: () => of(homeSpec),
    of,
    async settle(spec) {
      return spec.kind === 'parquet' ? { store: spec, notes: [] } : (await inBigQuery(spec)).settle();
    },
    close() {
      for (const connection of connections.values()) connection.then((each) => each.close()).catch(() => undefined);
    },
  };

  async function openDataset(spec: BigQueryStoreSpec): Promise<BigQueryStores> {
    const { openBigQueryStores } = await import('./bigquery/open-bigquery-stores.ts');
    const connection = await remembered(connections, spec.project, () => connect(spec.project));
    return openBigQueryStores(spec, connection, await openBucket(spec));
  }

  async function openBucket({ mode, bucket }: BigQueryStoreSpec): Promise<LoadBucket | undefined> {
    if (mode !== 'load' || bucket === undefined) return undefined;
    const { openLoadBucket } = await import('./bigquery/load-bucket.ts');
    return openLoadBucket(await calling(`open gs://${bucket}`, storage), bucket);
  }

  async function connect(project: string): Promise<BigQueryConnection> {
    const { openBigQuery } = await import('./bigquery/open-bigquery.ts');
    const { apiEndpoint } = bigQuery;
    const authClient = await calling(`open BigQuery for ${project}`, () => credentialsAt(apiEndpoint));
    return openBigQuery({ project, ...bigQuery, ...(authClient && { authClient }) });
  }
}

function homeOf(text: string, dataDir: string): StoreSpec {
  if (text === '') return { kind: 'parquet', path: dataDir };
  const parsed = parseStoreText(text);
  if (!parsed.ok) throw new RangeError(parsed.failure.message);
  return parsed.value;
}

import type { AuthClient } from 'google-auth-library';
import { parseStoreText } from '../contracts/store-text.ts';
import type { BigQueryStoreSpec, StoreSpec } from '../contracts/run.ts';
import type { BigQueryConnection } from './bigquery/open-bigquery.ts';
import { openParquetStores, type Stores, type StoresOptions } from './index.ts';

export interface FindStoresInput extends StoresOptions {
  /** Folder of everything that is kept as files. */
  readonly dataDir: string;
  /** `bq://project.dataset`, or empty: the data folder. Runs that do not say go there, and their records are there. */
  readonly home: string;
  /** Where BigQuery answers, if not at Google. */
  readonly bigQuery: BigQueryServers;
  /** For another server than Google's; undefined: those that Google's libraries find by themselves. */
  readonly credentialsAt: (endpoint: string) => Promise<AuthClient | undefined>;
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
  close(): void;
}

/** Libraries of Google are loaded when a dataset is first asked for: a command about files does not wait for them. */
export function createStoreFinder(input: FindStoresInput): StoreFinder {
  const { dataDir, home, bigQuery, credentialsAt, ...options } = input;
  const files = openParquetStores(dataDir, options);
  const connections = new Map<string, Promise<BigQueryConnection>>();
  const datasets = new Map<string, Promise<Stores>>();
  const homeSpec = homeOf(home, dataDir);
  const of = (spec: StoreSpec | undefined): Promise<Stores> => {
    if (spec === undefined || spec.kind === 'parquet') return Promise.resolve(files);
    return remembered(datasets, `${spec.project}.${spec.dataset}`, () => openDataset(spec));
  };
  return {
    homeSpec,
    home: () => of(homeSpec),
    of,
    close() {
      for (const connection of connections.values()) connection.then((each) => each.close()).catch(() => undefined);
    },
  };

  async function openDataset(spec: BigQueryStoreSpec): Promise<Stores> {
    const { openBigQueryStores } = await import('./bigquery/open-bigquery-stores.ts');
    return openBigQueryStores(spec, await remembered(connections, spec.project, () => connect(spec.project)));
  }

  async function connect(project: string): Promise<BigQueryConnection> {
    const { openBigQuery } = await import('./bigquery/open-bigquery.ts');
    const { apiEndpoint } = bigQuery;
    const authClient = apiEndpoint === undefined ? undefined : await credentialsAt(apiEndpoint);
    return openBigQuery({ project, ...bigQuery, ...(authClient && { authClient }) });
  }
}

function homeOf(text: string, dataDir: string): StoreSpec {
  if (text === '') return { kind: 'parquet', path: dataDir };
  const parsed = parseStoreText(text);
  if (!parsed.ok) throw new RangeError(parsed.failure.message);
  return parsed.value;
}

/** What failed is tried again by the next who asks. */
function remembered<T>(known: Map<string, Promise<T>>, key: string, open: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before) return before;
  const opening = open();
  known.set(key, opening);
  opening.catch(() => known.delete(key));
  return opening;
}

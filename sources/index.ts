import type { SourceSpec } from '../contracts/source.ts';
import { createCsvSource } from './csv-source.ts';
import { createBigQuerySource, type OpenBigQuery } from './bigquery-source.ts';
import type { OpenStorage } from './bucket-folder.ts';
import { createFolderSource } from './folder-source.ts';
import { createJsonlSource } from './jsonl-source.ts';
import { createListSource } from './list-source.ts';
import { createParquetSource } from './parquet-source.ts';
import type { AssetSource } from './ports.ts';

/** All sources, by the kind of their specification. A new source is one file and one line here. */
export interface Sources {
  readonly kinds: readonly SourceSpec['kind'][];
  find<Kind extends SourceSpec['kind']>(kind: Kind): AssetSource<Extract<SourceSpec, { readonly kind: Kind }>>;
}

/** Clients of Google Cloud; each is asked for when a source needs it. */
export interface CloudClients {
  readonly storage: OpenStorage;
  readonly bigQuery: OpenBigQuery;
  /** Where jobs run that read a table; empty: in its own project. */
  readonly jobsProject: string;
}

export function createSources(clients: CloudClients): Sources {
  const sources: SourceByKind = {
    folder: createFolderSource(clients.storage),
    csv: createCsvSource(),
    jsonl: createJsonlSource(),
    parquet: createParquetSource(),
    list: createListSource(),
    bigquery: createBigQuerySource(clients.bigQuery, clients.jobsProject),
  };
  return { kinds: Object.values(sources).map(({ kind }) => kind), find: (kind) => sources[kind] };
}

type SourceByKind = {
  readonly [Kind in SourceSpec['kind']]: AssetSource<Extract<SourceSpec, { readonly kind: Kind }>>;
};

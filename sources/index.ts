import type { SourceSpec } from '../contracts/run.ts';
import { createCsvSource } from './csv-source.ts';
import { createFolderSource } from './folder-source.ts';
import type { AssetSource } from './ports.ts';

/** All sources, by the kind of their specification. A new source is one file and one line here. */
export interface Sources {
  readonly kinds: readonly SourceSpec['kind'][];
  find<Kind extends SourceSpec['kind']>(kind: Kind): AssetSource<Extract<SourceSpec, { readonly kind: Kind }>>;
}

export function createSources(): Sources {
  const sources: SourceByKind = {
    folder: createFolderSource(),
    csv: createCsvSource(),
  };
  return { kinds: Object.values(sources).map(({ kind }) => kind), find: (kind) => sources[kind] };
}

type SourceByKind = {
  readonly [Kind in SourceSpec['kind']]: AssetSource<Extract<SourceSpec, { readonly kind: Kind }>>;
};

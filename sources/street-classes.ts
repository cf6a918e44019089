import type { Asset } from '../contracts/asset.ts';
import type { BigQuerySpec } from '../contracts/source.ts';
import type { ClassCount } from '../contracts/street-facts.ts';
import { tableOf } from './assets-query.ts';
import type { BigQueryReads } from './bigquery-reads.ts';
import { ifAllowed } from './if-allowed.ts';

/** Counts assets of street imagery by their class, while they are read. */
export function createClassCounts() {
  const counts = new Map<string, number>();
  return {
    add({ attributes }: Asset): void {
      const name = attributes['asset_type'];
      if (typeof name === 'string') counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    /** The largest first. */
    all(): readonly ClassCount[] {
      const found = [...counts].map(([name, assets]) => ({ assetClass: shortName(name), assets }));
      return found.toSorted((a, b) => b.assets - a.assets || a.assetClass.localeCompare(b.assetClass));
    },
  };
}

/** The classes that the whole table has, as a filter names them; empty where that is not known. */
export async function classesThere(reads: BigQueryReads, spec: BigQuerySpec): Promise<readonly string[]> {
  const names = await ifAllowed(async () => {
    for await (const rows of reads.rows(spec, classesQuery(spec))) return rows.map((row) => String(row['asset_type']));
    return null;
  });
  return (names ?? []).map(shortName);
}

function classesQuery(spec: BigQuerySpec): string {
  return `SELECT DISTINCT asset_type
FROM ${tableOf(spec)}
WHERE asset_type IS NOT NULL
ORDER BY asset_type
LIMIT ${MOST_CLASSES}`;
}

const MOST_CLASSES = 20;

function shortName(name: string): string {
  return name.replace(/^ASSET_CLASS_/, '');
}

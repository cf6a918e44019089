import type { AssetRef } from '../contracts/asset.ts';
import type { SightColumns } from '../contracts/source.ts';
import type { ResultRow } from '../stores/ports.ts';

/** A row without what its pictures say of place or time, where the source says something of it, understood or not. */
export function sourceSpeaksFirst(row: ResultRow, columns: SightColumns | undefined): ResultRow {
  const { observed } = row.outcome;
  if (observed === undefined || columns === undefined) return row;
  const { location, capturedAt, ...rest } = observed;
  return {
    ...row,
    outcome: {
      ...row.outcome,
      observed: {
        ...rest,
        ...(location && !speaks(row.asset, columns.location) && { location }),
        ...(capturedAt !== undefined && !speaks(row.asset, columns.time) && { capturedAt }),
      },
    },
  };
}

/** What was not understood has stayed an attribute. */
function speaks({ attributes }: AssetRef, columns: readonly string[]): boolean {
  return columns.some((name) => String(attributes[name] ?? '').trim() !== '');
}

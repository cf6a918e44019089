import { isDeepStrictEqual } from 'node:util';
import type { StoredRow } from '../../stores/ports.ts';
import type { ExpectedOutcome } from './demo-assets.ts';

/** One way in which a row is not what the ground truth says. */
export interface Difference {
  readonly assetId: string;
  readonly column: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** Compares rows with what they must be: every asset once, its outcome, its failure, and the fields that are known. */
export function compareWithTruth(
  truth: Readonly<Record<string, ExpectedOutcome>>,
  rows: readonly StoredRow[],
): readonly Difference[] {
  const unknown = rows
    .filter((row) => !Object.hasOwn(truth, String(row['asset_id'])))
    .map((row) => ({
      assetId: String(row['asset_id']),
      column: 'asset_id',
      expected: 'no such asset',
      found: 'a row',
    }));
  return [...Object.entries(truth).flatMap(([assetId, expected]) => compareAsset(assetId, expected, rows)), ...unknown];
}

function compareAsset(assetId: string, expected: ExpectedOutcome, rows: readonly StoredRow[]): readonly Difference[] {
  const own = rows.filter((row) => row['asset_id'] === assetId);
  const [row] = own;
  if (!row || own.length > 1) {
    return [{ assetId, column: 'asset_id', expected: 'one row', found: `${own.length} rows` }];
  }
  const columns = { outcome: expected.outcome, failure: expected.failure ?? null, ...expected.findings };
  return Object.entries(columns)
    .filter(([column, value]) => !isDeepStrictEqual(row[column], value))
    .map(([column, value]) => ({ assetId, column, expected: value, found: row[column] }));
}

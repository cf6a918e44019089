import { STRAY_COLUMNS } from './assets-query.ts';
import { cellOf } from './bigquery-cells.ts';
import type { Reject } from './ports.ts';
import type { BadRecord, Cell, TableRecord } from './table-reader.ts';

/** A row as the client of BigQuery gives it. */
export type BigQueryRow = Readonly<Record<string, unknown>>;

export function rowEntry(row: BigQueryRow): TableRecord {
  return recordOf(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)])));
}

/** A row of `assetsQuery`: its images come with what is known of each, its attributes stand beside the rest. */
export function assetEntry(row: BigQueryRow): TableRecord {
  const { image_uris: uris, image_notes: notes, attributes, ...rest } = row as unknown as AssetRow;
  const known = JSON.parse(notes) as readonly ImageNote[];
  const images = uris.map((uri, index) => {
    const { observationId = null, capturedAt = null } = known[index] ?? {};
    return { uri, observation_id: observationId, captured_at: capturedAt };
  });
  return recordOf({ ...rest, images, ...(JSON.parse(attributes) as Record<string, Cell>) });
}

/** A row of `strayQuery`. */
export function strayEntry(row: BigQueryRow): BadRecord {
  const { kind, reason, ...observation } = row as unknown as StrayRow;
  const cells = STRAY_COLUMNS.map((name) => observation[name] ?? '');
  return { line: null, problem: reason, kind, original: () => ({ columns: STRAY_COLUMNS, cells }) };
}

function recordOf(values: TableRecord['values']): TableRecord {
  return { line: null, values, original: () => ({ text: JSON.stringify(values) }) };
}

type StrayRow = Readonly<Record<(typeof STRAY_COLUMNS)[number], string | null>> & Pick<Reject, 'kind' | 'reason'>;

interface AssetRow {
  readonly asset_id: string;
  readonly image_uris: readonly string[];
  readonly image_notes: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly detection_time: string | null;
  readonly attributes: string;
}

interface ImageNote {
  readonly observationId?: string | null;
  readonly capturedAt?: string;
}

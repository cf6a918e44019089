import { NO_USAGE } from '../../contracts/outcome.ts';
import type { PromptField } from '../../contracts/prompt.ts';
import type { ResultRow, RowContext } from '../../stores/ports.ts';

const FIELDS: readonly PromptField[] = [
  { name: 'caption', type: 'string', description: 'What there is to see.', required: true },
  { name: 'lamps', type: 'integer', description: 'How many lamps.', required: true },
  { name: 'leaning', type: 'boolean', description: 'Whether it leans.', required: true },
  { name: 'material', type: 'one-of', description: 'What it is made of.', required: true, values: ['wood', 'steel'] },
];

export const CONTEXT: RowContext = {
  runId: 'insert',
  prompt: 'poles',
  promptDigest: '0'.repeat(64),
  fields: FIELDS,
  analyzer: 'gemini',
  settings: '{"maxOutputTokens":8192}',
};

/** A row as a model gives it, about 700 bytes as JSON; always the same for a number. */
export function drawRow(row: number): ResultRow {
  const assetId = `pole-${row.toString(36).padStart(7, '0')}`;
  return {
    asset: {
      row,
      assetId,
      images: [{ uri: `gs://pictures/2026/${row}.jpg`, observationId: `seen-${row}` }],
      location: { latitude: 48 + (row % 10_007) / 10_007, longitude: 11 + (row % 7_919) / 7_919 },
      detectionTime: '2026-05-01T10:00:00.000000Z',
      attributes: { asset_type: 'ASSET_CLASS_UTILITY_POLE', snapshot_id: 'snapshot-1' },
    },
    outcome: {
      row,
      assetId,
      kind: 'succeeded',
      findings: {
        caption: `A pole with ${row % 4} lamps beside the road`,
        lamps: row % 4,
        leaning: row % 9 === 0,
        material: 'wood',
      },
      usage: { ...NO_USAGE, inputTokens: 1_290, outputTokens: 60 },
      costUsd: 0.0005,
      model: 'gemini-3.5-flash',
      modelVersion: 'gemini-3.5-flash-001',
      attempts: 1,
      reused: false,
      latencyMs: 1_500,
      analyzedAt: '2026-05-02T10:00:00.000Z',
    },
  };
}

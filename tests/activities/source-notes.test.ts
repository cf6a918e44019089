import { expect, test } from 'vitest';
import { sourceNotes } from '../../activities/prepare/source-notes.ts';
import type { BigQuerySpec } from '../../contracts/source.ts';

const settled: BigQuerySpec = { kind: 'bigquery', path: 'bq://my-project.street.poles', map: { id: 'id' } };

const notes = (endsAt: string | null, spec = settled) =>
  sourceNotes({ source: { endsAt: () => Promise.resolve(endsAt) }, asked: spec, settled: spec, oddCells: [] });

test('a table that goes away by itself is warned of at the start of a run', async () => {
  expect(await notes('2026-12-01T00:00:00.000Z')).toEqual([
    'The table goes away at 2026-12-01T00:00:00.000Z; images that go with it have to be looked at by then, or their assets are skipped.',
  ]);
});

test('one that stays is not, and neither is a source that cannot tell', async () => {
  expect(await notes(null)).toEqual([]);
  expect(await sourceNotes({ source: {}, asked: settled, settled, oddCells: [] })).toEqual([]);
});

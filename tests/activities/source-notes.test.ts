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

test('what is odd about a source as a whole is said', async () => {
  const source = { oddities: () => Promise.resolve(['3 assets were seen at more than one place']) };
  expect(await sourceNotes({ source, asked: settled, settled, oddCells: [] })).toEqual([
    '3 assets were seen at more than one place.',
  ]);
});

test('assets that are listed without any observation are told at the start of a run', async () => {
  const source = { street: () => Promise.resolve({ unseenAssets: 3 }) };
  expect(await sourceNotes({ source, asked: settled, settled, oddCells: [] })).toEqual([
    '3 more assets are listed without any observation: they are not part of the run.',
  ]);
});

test('a snapshot that ends is told at the start of a run', async () => {
  const source = { street: () => Promise.resolve({ snapshot: { id: '5b0e', endsAt: '2020-01-01T00:00:00.000Z' } }) };
  expect(await sourceNotes({ source, asked: settled, settled, oddCells: [] })).toEqual([
    expect.stringMatching(
      /^Warning: the newest snapshot that is read, 5b0e, should have ended about 2020-01-01, .*\.$/,
    ),
  ]);
});

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunSummary } from '../../contracts/run.ts';
import type { SourceSpec } from '../../contracts/source.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;

useRig((started) => (rig = started));

const IDS = Array.from({ length: 60 }, (_, index) => `asset-${index}`);
const tableOf = (ids: readonly string[]) => ['id,image', ...ids.map((id) => `${id},${id}.jpg`), ''].join('\n');

it.each<[string, (path: string) => Promise<void>]>([
  ['that gets more rows', (path) => writeFile(path, tableOf([...IDS, 'late-1', 'late-2']))],
  ['that loses rows, and whose others change', (path) => writeFile(path, tableOf(['asset-59', 'other']))],
  ['that is removed', (path) => rm(path)],
])('a run over a CSV file %s gives the rows that it was frozen with', async (what, change) => {
  const path = join(rig.dir, 'poles.csv');
  await writeFile(path, tableOf(IDS));
  const callLog = join(rig.dir, `calls-${what}`);
  const handle = await rig.startRun(`frozen-${what.replaceAll(/[^a-z]+/g, '-')}`, {
    source: path,
    analyzer: { kind: 'noop', settings: { callLog, delayMs: 200 } },
    limits: { shardSize: 20, shardsInFlight: 1 },
  });
  const before = await rig.until(
    () => rig.calls(callLog),
    (calls) => calls.length > 0,
    'calls to be under way',
  );
  await change(path);
  const summary = (await handle.result()) as RunSummary;
  expect(before.length).toBeLessThan(60);
  expect(summary.counts).toMatchObject({ total: 60, succeeded: 60 });
  const rows = await rig.rows(summary);
  expect(rows).toHaveLength(60);
  expect(new Set(rows.map((row) => row['asset_id']))).toEqual(new Set(IDS));
});

it('takes a mapping from a request that somebody wrote by hand, with a path below the folder of the worker', async () => {
  await writeFile(join(rig.dir, 'masts.csv'), 'Mast;Vorne;Hinten;Art\n7;a.jpg;b.jpg;Holz\n8;c.jpg;;Stahl\n');
  const source = { kind: 'csv', path: 'masts.csv', map: { id: 'Mast', image: ['Vorne', 'Hinten'] } } as const;
  const handle = await rig.startRun('mapped', { source, analyzer: { kind: 'noop' } });
  const rows = await rig.rows((await handle.result()) as RunSummary);
  expect(rows.map((row) => [row['asset_id'], row['image_uris']])).toEqual([
    ['7', [join(rig.dir, 'a.jpg'), join(rig.dir, 'b.jpg')]],
    ['8', [join(rig.dir, 'c.jpg')]],
  ]);
  expect(rows.map((row) => row['attributes'])).toEqual([{ Art: 'Holz' }, { Art: 'Stahl' }]);
});

it.each<[string, unknown, RegExp]>([
  [
    'a column that is not there',
    { id: 'Pfahl' },
    /has no column "Pfahl", which "map" names for id\. Its columns: Mast/,
  ],
  ['a role that there is not', { picture: 'Vorne' }, /Unknown field "picture" under source\.map/],
  ['a column that is no name', { id: 7 }, /Field source\.map\.id: /],
  ['no column at all', { image: [] }, /Field source\.map\.image: /],
])('a mapping with %s ends the run at once and is named', async (what, map, message) => {
  await writeFile(join(rig.dir, 'masts.csv'), 'Mast;Vorne\n7;a.jpg\n');
  const source = { kind: 'csv', path: 'masts.csv', map } as SourceSpec;
  const handle = await rig.startRun(`bad-map-${what.replaceAll(' ', '-')}`, { source });
  const failure: unknown = await handle.result().catch((error: unknown) => error);
  expect(failure).toMatchObject({ cause: { type: 'InvalidRequest', message: expect.stringMatching(message) } });
});

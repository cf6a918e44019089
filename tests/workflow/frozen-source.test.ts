import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
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

it('says which places and times were not understood, and takes none from the pictures there', async () => {
  const exif = {
    IFD2: { DateTimeOriginal: '2020:01:02 03:04:05' },
    IFD3: { GPSLatitude: '1/1 0/1 0/1', GPSLatitudeRef: 'N', GPSLongitude: '2/1 0/1 0/1', GPSLongitudeRef: 'E' },
  };
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#336699' } });
  await picture.withExif(exif).jpeg().toFile(join(rig.dir, 'seen.jpg'));
  const rows = ['a;seen.jpg;north;11.5;5/4/2026', 'b;seen.jpg;48,5;11,5;04.05.2026 10:20', 'c;seen.jpg;;;'];
  await writeFile(join(rig.dir, 'seen.csv'), ['id;image;lat;lng;captured_at', ...rows, ''].join('\n'));
  const handle = await rig.startRun('odd-cells', { source: 'seen.csv', prompt: 'resolution' });
  const found = await rig.rows((await handle.result()) as RunSummary);
  expect(found.map((row) => [row['location'], row['detection_time']])).toEqual([
    [null, null],
    [{ latitude: 48.5, longitude: 11.5 }, expect.stringMatching(/^2026-05-04.10:20:00/)],
    [{ latitude: 1, longitude: 2 }, expect.stringMatching(/^2020-01-02.03:04:05/)],
  ]);
  expect((await rig.progress('odd-cells')).notes).toEqual([
    expect.stringMatching(
      /^1 cell of "lat" is no latitude, such as "north" on line 2: .* It is carried along as an attribute\.$/,
    ),
    expect.stringMatching(/^1 cell of "captured_at" is no time, such as "5\/4\/2026" on line 2: /),
  ]);
});

it('says in a note that the images stand for the ids, when nobody named a column', async () => {
  await writeFile(join(rig.dir, 'benches.csv'), 'Inventarnr;Foto;Art\nB-1;a.jpg;Holz\nB-2;a.jpg;Holz\n');
  const noop = { kind: 'noop' };
  await (await rig.startRun('guessed-ids', { source: 'benches.csv', analyzer: noop })).result();
  expect((await rig.progress('guessed-ids')).notes).toEqual([
    'No column is recognised as the id, so the image is the id. "Inventarnr" could be it; name it with --map id=Inventarnr.',
  ]);
  const named = { kind: 'csv', path: 'benches.csv', map: { id: 'Foto' } } as const;
  await (await rig.startRun('named-ids', { source: named, analyzer: noop })).result();
  expect((await rig.progress('named-ids')).notes).toEqual([]);
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

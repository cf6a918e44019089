import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from '../support/recorded-io.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-inspect-'));
  await sharp({ create: { width: 40, height: 30, channels: 3, background: '#336699' } })
    .png()
    .toFile(join(folder, 'a.png'));
  const rows = [
    'Pole;Foto;lat;lng;Straße',
    'p1;a.png;48;11;Weg',
    'p2;b.png;48;11;Weg',
    'p1;a.png;;;',
    ';a.png;;;',
    'p5;a.png;1;2',
  ];
  await writeFile(join(folder, 'masts.csv'), Buffer.from(`${rows.join('\r\n')}\r\n`, 'latin1'));
});
afterAll(() => rm(folder, { recursive: true }));

const inspect = (...argv: readonly string[]) => cli(['sources', 'inspect', ...argv], { workingDir: folder });
const MAP = ['--map', 'id=Pole,image=Foto'];

test('says how a source is read, what is in it and what is not', async () => {
  const { code, out, err } = await inspect('masts.csv', ...MAP);
  expect(code).toBe(0);
  expect(out).toBe(`masts.csv  CSV, Windows-1252 (Latin-1), separated by semicolons
  columns   id = Pole, image = Foto, latitude = lat, longitude = lng
  carried   along as attributes: Straße
  assets    2 with 2 images
  rejected  3 entries became no asset: 1 came before, 2 cannot be used
            line 4: the id "p1" came before; ids must be unique
            line 5: the row has no id
            line 6: the row has 4 cells, the header 5; is a comma or quote missing?
  images    1 of the first 2 can be read
            ImageMissing: b.png does not exist

asset_id  images  location  attributes
p1        a.png   48, 11    Straße=Weg
p2        b.png   48, 11    Straße=Weg
`);
  expect(err).toBe('Next: npx sightline runs start masts.csv --map id=Pole,image=Foto --wait\n');
});

test('gives the same as JSON', async () => {
  const { out } = await inspect('masts.csv', ...MAP, '--json', '--images', '1');
  expect(JSON.parse(out)).toMatchObject({
    spec: {
      kind: 'csv',
      encoding: 'windows-1252',
      delimiter: ';',
      map: { id: 'Pole', image: ['Foto'] },
      rows_per_asset: 'one',
    },
    assets: 2,
    images: 2,
    rejected: 3,
    duplicates: 1,
    looks: [{ asset_id: 'p1', uri: join(folder, 'a.png') }],
  });
});

test('writes rejects that can be mended and brought back', async () => {
  const { code } = await inspect('masts.csv', ...MAP, '--images', '0', '--rejects', 'again.csv');
  expect(code).toBe(0);
  const text = await readFile(join(folder, 'again.csv'), 'utf8');
  expect(text).toBe(`sightline_line,sightline_reason,Pole,Foto,lat,lng,Straße
4,"the id ""p1"" came before; ids must be unique",p1,a.png,,,
5,the row has no id,,a.png,,,
6,"the row has 4 cells, the header 5; is a comma or quote missing?",p5,a.png,1,2
`);
  await writeFile(
    join(folder, 'again.csv'),
    text.replace('no id,,', 'no id,p4,').replace('p5,a.png,1,2', 'p5,a.png,1,2,'),
  );
  const again = await inspect('again.csv', ...MAP, '--images', '0', '--json');
  expect(JSON.parse(again.out)).toMatchObject({
    assets: 3,
    rejected: 0,
    sample: [{ attributes: { lat: null } }, {}, {}],
  });
});

test('a source that cannot be used ends with a sentence and exit code 2', async () => {
  await writeFile(join(folder, 'colours.csv'), 'id,colour\n1,red\n');
  expect(await inspect('colours.csv')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining(
      'has no column that looks like images; name it with "map" (--map). Its columns: id, colour',
    ),
  });
  expect(await inspect('nowhere.csv')).toMatchObject({ code: 2, err: expect.stringContaining('does not exist') });
});

test('rejects are never written over another file, least of all over the source', async () => {
  const before = await readFile(join(folder, 'masts.csv'));
  const result = await inspect('masts.csv', ...MAP, '--images', '0', '--rejects', 'masts.csv');
  expect(result).toMatchObject({ code: 2, out: '', err: expect.stringContaining('masts.csv exists already') });
  expect(await readFile(join(folder, 'masts.csv'))).toEqual(before);
  expect(await inspect('masts.csv', ...MAP, '--rejects', 'nowhere/r.csv')).toMatchObject({ code: 2 });
});

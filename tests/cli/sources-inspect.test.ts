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

test('counts cells that are no place or no time, and says how to write them', async () => {
  await writeFile(
    join(folder, 'odd.csv'),
    'id,image,lat,lng,captured_at\n1,a.png,north,11,5/4/2026\n2,a.png,"48,5","11,5",\n',
  );
  const { out } = await inspect('odd.csv');
  expect(out).toContain(`
  unclear   1 cell of "lat" is no latitude, such as "north" on line 2: write degrees from -90 to 90, such as 48.1371
            1 cell of "captured_at" is no time, such as "5/4/2026" on line 2: write 2026-05-04, 2026-05-04 10:20 or 2026-05-04T10:20:30+02:00
`);
  expect(JSON.parse((await inspect('odd.csv', '--json')).out)).toMatchObject({
    odd_cells: [
      { count: 1, first: { line: 2, role: 'latitude', column: 'lat', text: 'north' } },
      { count: 1, first: { line: 2, role: 'time', column: 'captured_at', text: '5/4/2026' } },
    ],
  });
});

test('says that the image is the id, and proposes the column that could hold ids', async () => {
  const rows = ['Inventarnr;Foto;Art', 'B-1;a.png;Holz', 'B-2;a.png;Holz', 'B-3;;Stahl', 'B-4;b.png;Holz'];
  await writeFile(join(folder, 'benches.csv'), `${rows.join('\n')}\n`);
  const guessed = await inspect('benches.csv', '--images', '0');
  expect(guessed.out).toContain(`
  columns   id = the image itself, image = Foto
            No column is recognised as the id, so the image is the id. "Inventarnr" could be it; name it with --map id=Inventarnr
`);
  expect(guessed.out).toContain(`
            line 3: the id "a.png" came before, and the image is the id; name the column of ids with --map id=COLUMN
            line 4: the row has no image, and the image is the id; name the column of ids with --map id=COLUMN
`);
  expect(guessed.err).toBe('Next: npx sightline sources inspect benches.csv --map id=Inventarnr\n');
  const { out } = await inspect('benches.csv', '--images', '0', '--json');
  expect(JSON.parse(out)).toMatchObject({ rejected: 2, id_candidate: 'Inventarnr' });
  const named = await inspect('benches.csv', '--images', '0', '--map', 'id=Inventarnr', '--json');
  expect(JSON.parse(named.out)).toMatchObject({ assets: 4, rejected: 0 });
  expect(named.out).not.toContain('id_candidate');
});

test('proposes no column of ids where several could be it, and none where the image was named', async () => {
  await writeFile(join(folder, 'two.csv'), 'Nr;Code;Foto\n1;x;a.png\n2;y;a.png\n');
  const guessed = await inspect('two.csv', '--images', '0');
  expect(guessed.out).toContain('so the image is the id. If there is one, name it with --map id=COLUMN\n');
  expect(guessed.err).toBe('Next: npx sightline sources inspect two.csv --map id=COLUMN\n');
  const named = await inspect('two.csv', '--images', '0', '--map', 'id=Foto');
  expect(named.out).not.toContain('No column is recognised');
  expect(named.err).toBe('Next: npx sightline runs start two.csv --map id=Foto --wait\n');
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
  expect(text).toBe(`sightline_line,sightline_reason,sightline_cells,Pole,Foto,lat,lng,Straße
4,"the id ""p1"" came before; ids must be unique",,p1,a.png,,,
5,the row has no id,,,a.png,,,
6,"the row has 4 cells, the header 5; is a comma or quote missing?","[""p5"",""a.png"",""1"",""2""]",p5,a.png,1,2,
`);
  await writeFile(join(folder, 'again.csv'), text.replace('no id,,,', 'no id,,p4,').replace(/"\[.*\]"/, ''));
  const again = await inspect('again.csv', ...MAP, '--images', '0', '--json');
  expect(JSON.parse(again.out)).toMatchObject({
    assets: 3,
    rejected: 0,
    sample: [{ attributes: { lat: null } }, {}, {}],
  });
});

test('rows of another length leave a square file, and stay rejected until somebody has put them right', async () => {
  const rows = ['id,image,note', 'a,a.png,oak, old', 'b,a.png', 'good,a.png,"x"'];
  await writeFile(join(folder, 'ragged.csv'), `${rows.join('\n')}\n`);
  await inspect('ragged.csv', '--images', '0', '--rejects', 'ragged-1.csv');
  const text = await readFile(join(folder, 'ragged-1.csv'), 'utf8');
  expect(text).toBe(`sightline_line,sightline_reason,sightline_cells,id,image,note
2,"the row has 4 cells, the header 3; is a comma or quote missing?","[""a"",""a.png"",""oak"","" old""]",a,a.png,oak
3,"the row has 2 cells, the header 3; is a comma or quote missing?","[""b"",""a.png""]",b,a.png,
`);
  await inspect('ragged-1.csv', '--images', '0', '--rejects', 'ragged-2.csv');
  // None of the rows can be used, so nothing ends well; what was kept is what there was.
  const again = await readFile(join(folder, 'ragged-2.csv'), 'utf8');
  expect(again).toContain(
    '2,"the row had more or fewer cells than its header; put them right, then empty sightline_cells","[""a"",""a.png"",""oak"","" old""]",a,a.png,oak\n',
  );
  await writeFile(
    join(folder, 'ragged-2.csv'),
    again.replace(/"\[""a.*oak$/m, ',a,a.png,"oak, old"').replace(/"\[""b.*\]"/, ''),
  );
  const mended = JSON.parse((await inspect('ragged-2.csv', '--images', '0', '--json')).out);
  expect(mended).toMatchObject({
    assets: 2,
    rejected: 0,
    sample: [{ attributes: { note: 'oak, old' } }, { attributes: { note: null } }],
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

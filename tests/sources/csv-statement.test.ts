import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCsvSource } from '../../sources/csv-source.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { readAll } from '../suites/asset-source.suite.ts';
import { readByStatement } from './read-by-statement.ts';

const source = createCsvSource();

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-statement-');
});
afterAll(async () => folder[Symbol.asyncDispose]());

const byStatement = (text: string) => readByStatement(join(folder.path, 'list.csv'), text);

const HEADER = 'id,image,lat,lng,captured_at,note';
const PLAIN = [
  'p-1,photos/1.jpg,52.5,-4.25,2026-05-04T10:20:30Z,oak',
  'p-2,https://x.org/a%20b.jpg?s=1,0,1.8e2,2026-05-04T10:20:30Z,',
  '"p 3, ß",/abs/3.jpg,-90,+7.000001,2024-02-29T00:00:00Z,"a,""b"""',
];

describe('a plain CSV file', () => {
  it('gives the same assets by one statement as row by row', async () => {
    const text = `${[HEADER, ...PLAIN].join('\n')}\n`;
    const assets = await byStatement(text);
    expect(assets).toEqual((await readAll(source, { kind: 'csv', path: join(folder.path, 'list.csv') })).assets);
    expect(assets).toHaveLength(3);
  });

  it.each([
    ['semicolons', 'id;image;n\n1;a.jpg;x\n'],
    ['a byte-order mark', '\uFEFFid,image\n1,a.jpg\n'],
    ['Windows line ends', 'id,image\r\n1,a.jpg\r\n2,b.jpg\r\n'],
    ['no last line end', 'id,image\n1,a.jpg'],
    ['names of columns that need quotes', `id,image,"it's""x"""\n1,a.jpg,y\n`],
    ['what a rejects file adds', 'sightline_line,sightline_reason,id,image,n\n4,the row has no id,1,a.jpg,x\n'],
    ['columns whose names are numbers', 'id,image,2025,2024\n1,a.jpg,x,y\n'],
  ])('is read at once with %s', async (_, text) => {
    const assets = await byStatement(text);
    expect(assets).not.toBeNull();
    expect(assets).toEqual((await readAll(source, { kind: 'csv', path: join(folder.path, 'list.csv') })).assets);
  });
});

describe('a CSV file with something odd in it', () => {
  it('is left to be read row by row where it tells which rows were of another length', async () => {
    expect(await byStatement('sightline_cells,id,image\n,1,a.jpg\n"[""2""]",2,b.jpg\n')).toBeNull();
  });

  it('is left to be read row by row with more names of columns than an asset may carry', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `a_rather_long_name_${index}`);
    expect(await byStatement(`id,image,${names.join(',')}\n1,a.jpg${','.repeat(names.length)}\n`)).toBeNull();
  });

  it.each([
    ['a short row', 'p-4,photos/4.jpg,1,2,2026-05-04T10:20:30Z'],
    ['a long row', 'p-4,photos/4.jpg,1,2,2026-05-04T10:20:30Z,a,b'],
    ['an id that needs trimming', ' p-4,photos/4.jpg,1,2,2026-05-04T10:20:30Z,a'],
    ['no id', ',photos/4.jpg,1,2,2026-05-04T10:20:30Z,a'],
    ['no image', 'p-4,,1,2,2026-05-04T10:20:30Z,a'],
    ['images as JSON', 'p-4,"[""a.jpg""]",1,2,2026-05-04T10:20:30Z,a'],
    ['a path upwards', 'p-4,../4.jpg,1,2,2026-05-04T10:20:30Z,a'],
    ['a file address', 'p-4,file:///x.jpg,1,2,2026-05-04T10:20:30Z,a'],
    ['no place', 'p-4,photos/4.jpg,,,2026-05-04T10:20:30Z,a'],
    ['a place out of bounds', 'p-4,photos/4.jpg,91,2,2026-05-04T10:20:30Z,a'],
    ['another form of time', 'p-4,photos/4.jpg,1,2,2026-05-04 10:20,a'],
    ['a day that does not exist', 'p-4,photos/4.jpg,1,2,2026-02-30T10:20:30Z,a'],
    ['blanks beside quotes', 'p-4, "photos/4.jpg",1,2,2026-05-04T10:20:30Z,a'],
    ['a row that is too large', `p-4,photos/4.jpg,1,2,2026-05-04T10:20:30Z,${'x'.repeat(17_000)}`],
  ])('is left to be read row by row: %s', async (_, row) => {
    expect(await byStatement(`${[HEADER, ...PLAIN, row].join('\n')}\n`)).toBeNull();
  });
});

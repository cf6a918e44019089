import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { useCsvFile } from './csv-file.ts';

const { source, messageOf, pathOf } = useCsvFile();

describe('a CSV file that cannot be used', () => {
  it.each([
    ['', /list.csv is empty; it needs a header and rows/],
    ['\n\n', /list.csv is empty/],
    ['id,image\n', /list.csv has no rows; add a row per asset/],
    ['id,image\n,\n,x\n', /none of its 2 rows can be used; line 2: the row has no id/],
    ['id,image\na\n', /its only row cannot be used; line 2: the row has 1 cell, the header 2/],
    [
      'id,picture\n1,a\n',
      /list.csv has no column that looks like images; name it with "map". Its columns: id, picture/,
    ],
    [
      'id,front,back\n1,a.jpg,b.jpg\n',
      /list.csv has several columns that look like images \(front, back\); name those that count with "map"/,
    ],
    ['id,image,x,x\n1,a,b,c\n', /line 1: the column "x" is there twice/],
    ['id,image\n1,"a.jpg\n2,b.jpg\n', /line \d+: a quote is opened and never closed/],
  ])('says what is wrong with %j', async (text, message) => {
    expect(await messageOf(text)).toMatch(message);
  });

  it('lists the columns when the chosen one is not there', async () => {
    expect(await messageOf('id,image\n1,a\n', { map: { id: 'ref' } })).toBe(
      'InvalidRequest: list.csv has no column "ref", which "map" names for id. Its columns: id, image',
    );
  });

  it.each([
    [
      'a workbook',
      Buffer.from('PK\x03\x04 xl/workbook.xml', 'latin1'),
      /is a spreadsheet or archive, not text; export it as CSV/,
    ],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2]), /is compressed/],
    [
      'half a character at the end',
      Buffer.concat([Buffer.from('id,image\n1,a\n2,'), Buffer.from([0xc3])]),
      /ends in the middle of a character; was it cut off/,
    ],
    ['one endless line', Buffer.alloc(1_500_000, 65), /line 1 is longer than 1 MB/],
  ])('refuses %s and says how to mend it', async (_, bytes, message) => {
    expect(await messageOf(bytes)).toMatch(message);
  });

  it('finds a wrong byte far into a long file', async () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => `${n},ä-${n}.jpg\n`).join('');
    const bytes = Buffer.concat([Buffer.from(`id,image\n${rows}`), Buffer.from([0xe4, 0x2c, 0x61, 0x0a])]);
    expect(await messageOf(bytes)).toMatch(/line 30002 is not UTF-8, but other lines are/);
  });

  it('is a folder, a pipe or nothing', async () => {
    const describeAt = async (path: string) => {
      const result = await source.describe({ kind: 'csv', path });
      return result.ok ? 'fine' : `${result.failure.name}: ${result.failure.message}`;
    };
    await mkdir(pathOf('folder.csv'));
    expect(await describeAt(pathOf('folder.csv'))).toMatch(/^InvalidRequest: .*is a folder, not a file/);
    execFileSync('mkfifo', [pathOf('pipe.csv')]);
    expect(await describeAt(pathOf('pipe.csv'))).toMatch(/^InvalidRequest: .*pipe or device/);
    expect(await describeAt(pathOf('none.csv'))).toMatch(/^InvalidRequest: The file .*none.csv does not exist/);
  });

  it.each([
    [{ latitude: 'Breite' }, '"map" names a column for latitude and none for longitude; name both, or neither'],
    [{ longitude: 'Breite' }, '"map" names a column for longitude and none for latitude; name both, or neither'],
  ])('refuses half a place: %j', async (map, message) => {
    const text = 'id,image,Breite,x\n1,/a.jpg,48,11\n';
    expect(await messageOf(text, { map })).toContain(message);
    expect(await messageOf(text.replace('x', 'latitude' in map ? 'lng' : 'lat'), { map })).toBe('fine');
  });
});

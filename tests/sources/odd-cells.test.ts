import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oddCellsText } from '../../contracts/odd-cells.ts';
import { createCsvSource } from '../../sources/csv-source.ts';
import { createJsonlSource } from '../../sources/jsonl-source.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { readByStatement } from './read-by-statement.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-odd-');
});
afterAll(async () => folder[Symbol.asyncDispose]());

const HEADER = 'id;image;lat;lng;captured_at';

async function describeRows(rows: readonly string[], header = HEADER) {
  const path = join(folder.path, 'list.csv');
  await writeFile(path, [header, ...rows, ''].join('\n'));
  const described = await createCsvSource().describe({ kind: 'csv', path });
  if (!described.ok) throw new Error(described.failure.message);
  return described.value;
}

describe('cells of a column for place or time', () => {
  it.each([
    ['48,1371', '11,5754', { latitude: 48.1371, longitude: 11.5754 }],
    ['-0,5', '+7,', undefined],
    ['-0,5', '+7,25', { latitude: -0.5, longitude: 7.25 }],
    ['48,13,71', '11,5', undefined],
    ['1.048,5', '11,5', undefined],
    ['91,5', '11,5', undefined],
    [',5', '11,5', undefined],
  ])('take one comma for a decimal point: %s and %s', async (lat, lng, location) => {
    const { sample } = await describeRows([`1;a.jpg;${lat};${lng};`]);
    expect(sample[0]?.location).toEqual(location);
  });

  it.each([
    ['04.05.2026', '2026-05-04'],
    ['4.5.2026', '2026-05-04'],
    ['31.12.2026 23:59', '2026-12-31T23:59:00'],
    [' 04.05.2026 10:20:30 ', '2026-05-04T10:20:30'],
    ['31.02.2026', undefined],
    ['04.13.2026', undefined],
    ['04.05.26', undefined],
    ['04.05.2026 24:00', undefined],
    ['04.05.2026T10:20', undefined],
    ['5/4/2026', undefined],
    ['04-05-2026', undefined],
  ])('take a date with points, day first: %s', async (cell, time) => {
    const { sample } = await describeRows([`1;a.jpg;;;${cell}`]);
    expect(sample[0]?.detectionTime).toBe(time);
  });

  it('are counted by column where they hold neither, with the first of them and its line', async () => {
    const { assets, oddCells, sample } = await describeRows([
      '1;a.jpg;48,1;11,5;5/4/2026',
      '2;b.jpg;;;',
      '3;c.jpg;north;11.5;6/4/2026',
      '4;d.jpg;91;200;7/4/2026',
      '1;e.jpg;rejected;rejected;rejected',
    ]);
    expect(assets).toBe(4);
    expect(oddCells.map(oddCellsText)).toEqual([
      '3 cells of "captured_at" are no time, such as "5/4/2026" on line 2: write 2026-05-04, 2026-05-04 10:20 or 2026-05-04T10:20:30+02:00',
      '2 cells of "lat" are no latitude, such as "north" on line 4: write degrees from -90 to 90, such as 48.1371',
      '1 cell of "lng" is no longitude, such as "200" on line 5: write degrees from -180 to 180, such as 11.5754',
    ]);
    expect(sample[2]?.attributes).toEqual({ lat: 'north', lng: '11.5', captured_at: '6/4/2026' });
  });

  it('are counted in JSON Lines too, whatever they are', async () => {
    const path = join(folder.path, 'list.jsonl');
    const rows = [
      { lat: [1], lng: true },
      { lat: 999, lng: 7 },
      { lat: null, lng: null },
    ];
    await writeFile(path, rows.map((row, id) => JSON.stringify({ id, image: `${id}.jpg`, ...row })).join('\n'));
    const described = await createJsonlSource().describe({ kind: 'jsonl', path });
    expect(described).toMatchObject({
      value: {
        oddCells: [
          { count: 2, first: { line: 1, role: 'latitude', column: 'lat', text: '[1]' } },
          { count: 1, first: { line: 1, role: 'longitude', column: 'lng', text: 'true' } },
        ],
      },
    });
  });

  it('are none where the table has only half a place', async () => {
    expect(await describeRows(['1;a.jpg;north'], 'id;image;lat')).toMatchObject({ oddCells: [] });
  });

  it('leave the reading by statement to the reader row by row', async () => {
    const path = join(folder.path, 'plain.csv');
    const text = (lat: string) => `id,image,lat,lng\n1,a.jpg,${lat},11.5\n`;
    await expect(readByStatement(path, text('48.1'))).resolves.toHaveLength(1);
    await expect(readByStatement(path, text('north'))).resolves.toBeNull();
    await expect(readByStatement(path, text('"48,1"'))).resolves.toBeNull();
  });
});

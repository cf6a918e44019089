import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCsvSource } from '../../sources/csv-source.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { readAll } from '../suites/asset-source.suite.ts';
import { readByStatement } from './read-by-statement.ts';

const source = createCsvSource();

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-readers-');
});
afterAll(async () => folder[Symbol.asyncDispose]());

describe('any CSV file', () => {
  const PLAIN_CELLS: Readonly<Record<string, fc.Arbitrary<string>>> = {
    id: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }).map((text) => `p${text}`),
    image: fc.constantFrom('a.jpg', 'x y/z.png', 'https://h.org/z.jpg', '/abs/ü.jpg', 'gs://b/o:1.jpg'),
    lat: fc.constantFrom('48.25', '-90', '+7.', '0', '.5', '1e1'),
    lng: fc.constantFrom('180', '-0.000001', '7'),
    captured_at: fc.constantFrom('2026-05-04T10:20:30Z', '1970-01-01T00:00:00Z', '2024-02-29T23:59:59Z'),
    note: fc.constantFrom('', 'word', 'a, "b"', 'NULL', 'true', '7', '\\', "it's", 'ü€😀'),
  };
  const ODD = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '"',
      ',',
      '\n',
      '\r',
      '\0',
      'a"b',
      ' x',
      'x\t',
      'x\u00a0',
      '\u2003x',
      '1_0',
      'inf',
      'nan',
      '91',
      '[',
      '["a"]',
    ),
    fc.constantFrom(
      '../a.jpg',
      './b',
      'a//b',
      'a/./b',
      'a/',
      '.x',
      'c:/x',
      'file:///x',
      'https://h.org/ b ',
      '/x/../y',
      '/ ',
    ),
    fc.constantFrom(
      '2026-05-04T24:00:00Z',
      '2026-05-04T10:20:60Z',
      '2026-02-30T10:20:30Z',
      '-026-05-04T10:20:30Z',
      '2026-05-04 10:20:30Z',
      '04.05.2026 10:20',
      '48,5',
    ),
    fc.constantFrom('x'.repeat(501), 'x'.repeat(2_100), '\u0001'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const HEADERS = ['id,image', 'id,image,note', 'image,id,lat,lng', 'note,id,image,captured_at'];
  const file = fc.constantFrom(...HEADERS).chain((header) => {
    const names = header.split(',');
    const row = fc.tuple(...names.map((name) => PLAIN_CELLS[name] ?? fc.constant('')));
    return fc.record({
      header: fc.constantFrom(header, header, header, `"${names.join('","')}"`, `\n${header}`, `\uFEFF${header}`),
      rows: fc.array(row, { minLength: 1, maxLength: 4 }),
      spoil: fc.option(
        fc.record({ at: fc.nat(20), cell: ODD, how: fc.constantFrom('in', 'in', 'bare', 'more', 'less') }),
      ),
      end: fc.constantFrom('\n', '\n', '\r\n', '\r'),
      last: fc.boolean(),
    });
  });

  it('gives the same assets by the statement as row by row, or nothing by the statement', async () => {
    let taken = 0;
    let spoilt = 0;
    await fc.assert(
      fc.asyncProperty(file, async ({ header, rows, spoil, end, last }) => {
        const lines = rows.map((cells, row) => lineOf(cells, spoil && spoil.at % rows.length === row ? spoil : null));
        const text = [header, ...lines].join(end) + (last ? end : '');
        const path = join(folder.path, 'list.csv');
        const stated = await readByStatement(path, text).catch(() => null);
        if (stated === null || stated.length === 0) return;
        // The caller finds ids that are there twice, and reads row by row then.
        if (new Set(stated.map(({ assetId }) => assetId)).size < stated.length) return;
        taken++;
        if (spoil) spoilt++;
        const read = await readAll(source, { kind: 'csv', path }).catch(() => null);
        expect({ assets: stated, rejects: [] }).toEqual(read);
      }),
      { seed: 20_261_121, numRuns: 400 },
    );
    // Both ways must have been gone, or nothing was compared.
    expect(taken).toBeGreaterThan(80);
    expect(spoilt).toBeGreaterThan(8);
  });
});

function lineOf(
  cells: readonly string[],
  spoil: { readonly at: number; readonly cell: string; readonly how: string } | null,
): string {
  const quoted = cells.map((cell) => (/[",\n\r]/.test(cell) ? quote(cell) : cell));
  if (spoil === null) return quoted.join(',');
  const { at, cell, how } = spoil;
  if (how === 'more') return [...quoted, cell].join(',');
  if (how === 'less') return quoted.slice(1).join(',');
  return quoted.with(at % cells.length, how === 'bare' ? cell : quote(cell)).join(',');
}

function quote(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

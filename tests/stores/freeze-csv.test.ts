import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asset } from '../../contracts/asset.ts';
import { createCsvSource } from '../../sources/csv-source.ts';
import type { OnReject } from '../../sources/ports.ts';
import { openParquetStores } from '../../stores/index.ts';
import { placeIn } from '../suites/store-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const source = createCsvSource();

/** Freezes a CSV file, by its statement where there is one or row by row; what it gave, and whether rows were read. */
async function freeze(folder: string, csv: string, way: 'statement' | 'rows') {
  const spec = await source.settle({ kind: 'csv', path: csv });
  let isRead = false;
  async function* assets(onReject: OnReject): AsyncGenerator<Asset> {
    isRead = true;
    yield* source.assets(spec, onReject);
  }
  const { manifests } = openParquetStores(folder);
  const place = placeIn(folder);
  const statement = way === 'statement' ? ((await source.statement?.(spec)) ?? null) : null;
  const manifest = await manifests.freeze(place, { assets, statement });
  const rows = await manifests.read(place, manifest, [{ start: 0, end: manifest.rows }]);
  // The bytes of the file, and so its digest, depend on the way; one file always goes the same way.
  const { uri: _uri, digest: _digest, rejects, ...ref } = manifest;
  return { isRead, same: { ref, rows, rejects: rejects === null ? null : await readFile(rejects, 'utf8') } };
}

async function freezeBoth(text: string) {
  await using byStatement = await temporaryFolder();
  await using byRows = await temporaryFolder();
  const csv = join(byStatement.path, 'poles.csv');
  await writeFile(csv, text);
  return {
    stated: await freeze(byStatement.path, csv, 'statement'),
    read: await freeze(byRows.path, csv, 'rows'),
  };
}

describe('a CSV file that is frozen by one statement', () => {
  it('gives the manifest that it gives row by row, and no row is read', async () => {
    const { stated, read } = await freezeBoth('id,image,note\na,a.jpg,x\nb,https://x.org/b.jpg,\n');
    expect([stated.isRead, read.isRead]).toEqual([false, true]);
    expect(stated.same).toEqual(read.same);
    expect(stated.same.ref).toMatchObject({ rows: 2, rejected: 0, duplicates: 0 });
  });

  it('is read row by row when an id is there twice, so that it is counted and kept', async () => {
    const { stated, read } = await freezeBoth('id,image,note\na,a.jpg,x\nb,b.jpg,y\na,c.jpg,z\n');
    expect(stated.isRead).toBe(true);
    expect(stated.same).toEqual(read.same);
    expect(stated.same.ref).toMatchObject({ rows: 2, rejected: 1, duplicates: 1 });
    expect(stated.same.rejects).toMatch(/^4,.*,a,c\.jpg,z$/m);
  });

  it('gives the same both ways, whatever its rows are', async () => {
    const row = fc.record({
      id: fc.oneof({ weight: 9, arbitrary: fc.nat(1_000_000).map(String) }, fc.constantFrom('', '7', ' 7', 'ü')),
      image: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a.jpg', 'x y/b.png') }, fc.constantFrom('', '../c.jpg')),
      note: fc.constantFrom('', 'word', '"a, ""b"""', 'NULL', '7', "it's"),
      more: fc.oneof({ weight: 19, arbitrary: fc.constant('') }, fc.constant(',more')),
    });
    const ways = { statement: 0, rows: 0, duplicates: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
        const lines = rows.map(({ id, image, note, more }) => `${id},${image},${note}${more}`);
        const both = await freezeBoth(['id,image,note', 'first,a.jpg,x', ...lines, ''].join('\n'));
        expect(both.stated.same).toEqual(both.read.same);
        ways[both.stated.isRead ? 'rows' : 'statement'] += 1;
        ways.duplicates += both.read.same.ref.duplicates;
      }),
      { seed: 20_261_121, numRuns: 60 },
    );
    // Each way must have been gone, or nothing was compared.
    expect(Math.min(ways.statement, ways.rows)).toBeGreaterThan(10);
    expect(ways.duplicates).toBeGreaterThan(0);
  }, 120_000);
});

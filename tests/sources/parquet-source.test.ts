import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParquetSource } from '../../sources/parquet-source.ts';
import { literal, runSql } from '../../stores/duckdb.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { assetSourceSuite, readAll } from '../suites/asset-source.suite.ts';

const source = createParquetSource();

async function write(path: string, select: string): Promise<void> {
  await runSql(`COPY (${select}) TO ${literal(path)} (FORMAT parquet)`);
}

assetSourceSuite('a Parquet file', {
  source,
  temporaryFolder: () => temporaryFolder('sightline-parquet-'),
  good: async (folder) => {
    const path = join(folder, 'a.parquet');
    await write(
      path,
      `SELECT * FROM (VALUES ('1', ['a.jpg']), ('2', ['b.jpg', 'c.jpg']), ('1', ['d.jpg']), ('3', ['e.jpg'])) t(id, image)`,
    );
    return { kind: 'parquet', path };
  },
  missing: (folder) => ({ kind: 'parquet', path: join(folder, 'none.parquet') }),
  empty: async (folder) => {
    await write(join(folder, 'a.parquet'), `SELECT 'x' AS id, 'y' AS image WHERE false`);
    return { kind: 'parquet', path: join(folder, 'a.parquet') };
  },
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-parquet-');
});
afterAll(async () => folder[Symbol.asyncDispose]());

describe('a Parquet file', () => {
  it('gives every type of column', async () => {
    const path = join(folder.path, 'types.parquet');
    await write(
      path,
      `SELECT 9007199254740993::BIGINT AS asset_id, 'a.jpg' AS image_url, 48.5::FLOAT AS lat, 11.25::DECIMAL(9,4) AS lng,
         TIMESTAMP '2026-05-04 10:20:30' AS captured_at, 12::BIGINT AS count, true AS ok, DATE '2026-01-02' AS day,
         {'a': 1, 'b': ['x']} AS nested, NULL::VARCHAR AS nothing`,
    );
    const { assets } = await readAll(source, { kind: 'parquet', path });
    expect(assets).toEqual([
      {
        assetId: '9007199254740993',
        images: [{ uri: join(folder.path, 'a.jpg') }],
        location: { latitude: 48.5, longitude: 11.25 },
        detectionTime: '2026-05-04T10:20:30',
        attributes: { count: 12, ok: true, day: '2026-01-02', nested: '{"a":1,"b":["x"]}', nothing: null },
      },
    ]);
  });

  it('keeps a column whose name means something to JavaScript', async () => {
    const path = join(folder.path, 'proto.parquet');
    await write(path, `SELECT 'a' AS id, 'a.jpg' AS image, 'oak' AS "__proto__", 7 AS "constructor"`);
    const [asset] = (await readAll(source, { kind: 'parquet', path })).assets;
    expect(Object.entries(asset?.attributes ?? {})).toEqual([
      ['__proto__', 'oak'],
      ['constructor', 7],
    ]);
  });

  it('is the file of exactly that name, and takes nothing from the names of folders', async () => {
    const odd = join(folder.path, 'k[1]', 'id=evil');
    for (const [place, id] of [
      [odd, 'right'],
      [join(folder.path, 'k1', 'id=evil'), 'wrong'],
    ] as const) {
      await mkdir(place, { recursive: true });
      await write(join(place, 'a.parquet'), `SELECT '${id}' AS id, 'a.jpg' AS image`);
    }
    const { assets } = await readAll(source, { kind: 'parquet', path: join(odd, 'a.parquet') });
    expect(assets.map(({ assetId }) => assetId)).toEqual(['right']);
  });

  it('is read in its own order, over many row groups', async () => {
    const path = join(folder.path, 'long.parquet');
    await write(path, `SELECT 'p-' || i AS id, i || '.jpg' AS image FROM range(50000) t(i)`);
    let row = 0;
    for await (const { assetId } of source.assets({ kind: 'parquet', path }, () => {})) {
      if (assetId !== `p-${row}`) throw new Error(`row ${row} is ${assetId}`);
      row++;
    }
    expect(row).toBe(50_000);
  });

  it.each([
    ['text', (bytes: Buffer) => bytes.fill(65), /is no Parquet file/],
    ['a file that was cut off', (bytes: Buffer) => bytes.subarray(0, -10), /is cut off/],
    ['an empty file', () => Buffer.alloc(0), /is no Parquet file/],
    [
      'a file whose middle is damaged',
      (bytes: Buffer) => bytes.fill(0xff, 4, bytes.length - 8),
      /cannot be read as Parquet/,
    ],
  ])('is refused by name when it is %s', async (_, spoil, message) => {
    const path = join(folder.path, 'spoilt.parquet');
    await write(path, `SELECT 'p' AS id, 'a.jpg' AS image`);
    await writeFile(path, spoil(await readFile(path)));
    const result = await source.describe({ kind: 'parquet', path });
    expect(result).toMatchObject({
      ok: false,
      failure: { name: 'InvalidRequest', message: expect.stringMatching(message) },
    });
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvSource } from '../../sources/csv-source.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { assetSourceSuite } from '../suites/asset-source.suite.ts';
import { useCsvFile } from './csv-file.ts';

assetSourceSuite('a CSV file', {
  source: createCsvSource(),
  temporaryFolder: () => temporaryFolder('sightline-csv-'),
  good: async (folder) => {
    await writeFile(join(folder, 'a.csv'), 'id,image\n1,a.jpg\n2,b.jpg\n1,c.jpg\n3,d.jpg\n');
    return { kind: 'csv', path: join(folder, 'a.csv') };
  },
  missing: (folder) => ({ kind: 'csv', path: join(folder, 'none.csv') }),
  empty: async (folder) => {
    await writeFile(join(folder, 'a.csv'), 'id,image\n');
    return { kind: 'csv', path: join(folder, 'a.csv') };
  },
});

const { source, read, pathOf } = useCsvFile();

describe('a CSV file of assets', () => {
  it('gives images, place, time and attributes', async () => {
    const { assets } = await read(
      'asset_id,Image Path,lat,lng,captured_at,material,count\n' +
        'p-1,photos/1.jpg,52.5,-4.25,2026-05-04 10:20:30,wood,3\n' +
        'p-2,/elsewhere/2.jpg,,,2026-05-04T10:20Z,,\n',
    );
    expect(assets).toEqual([
      {
        assetId: 'p-1',
        images: [{ uri: pathOf('photos/1.jpg') }],
        location: { latitude: 52.5, longitude: -4.25 },
        detectionTime: '2026-05-04T10:20:30',
        attributes: { material: 'wood', count: '3' },
      },
      {
        assetId: 'p-2',
        images: [{ uri: '/elsewhere/2.jpg' }],
        detectionTime: '2026-05-04T10:20:00Z',
        attributes: { lat: null, lng: null, material: null, count: null },
      },
    ]);
  });

  it('keeps addresses, turns file addresses into paths, and an empty cell into an asset without images', async () => {
    const { assets } = await read(
      'id,url\n1,https://example.com/a.jpg\n2,gs://b/a.jpg\n3,file:///x/a%20b.jpg\n4,\n5, ../c.jpg \n',
    );
    expect(assets.map(({ images }) => images[0]?.uri)).toEqual([
      'https://example.com/a.jpg',
      'gs://b/a.jpg',
      '/x/a b.jpg',
      undefined,
      pathOf('../c.jpg'),
    ]);
  });

  it.each([
    ['id,image', 'id', 'image'],
    ['ASSET-ID,File Name', 'ASSET-ID', 'File Name'],
    ['name,path', 'name', 'path'],
    ['url,image_uri,name,id', 'id', 'image_uri'],
    [',assetId,file', 'assetId', 'file'],
  ])('recognises the columns of %s', async (header, id, image) => {
    const cells = header.split(',').map((name) => (name === id ? 'the-id' : name === image ? '/the.jpg' : 'x'));
    const { assets } = await read(`${header}\n${cells.join(',')}\n`);
    expect(assets).toMatchObject([{ assetId: 'the-id', images: [{ uri: '/the.jpg' }] }]);
  });

  it('takes the columns that were chosen, also one for both', async () => {
    const text = 'id,image,ref,scan\n1,/a.jpg,r-1,/s.jpg\n';
    expect((await read(text, { map: { id: 'ref', image: 'scan' } })).assets).toMatchObject([
      { assetId: 'r-1', images: [{ uri: '/s.jpg' }], attributes: { id: '1', image: '/a.jpg' } },
    ]);
    expect((await read('image\n/a.jpg\n', { map: { id: 'image' } })).assets).toMatchObject([
      { assetId: '/a.jpg', images: [{ uri: '/a.jpg' }] },
    ]);
  });

  it.each([
    ['a byte-order mark', '\uFEFFid,image\nä,/a.jpg\n'],
    ['Windows line ends', 'id,image\r\nä,/a.jpg\r\n'],
    ['old Mac line ends', 'id,image\rä,/a.jpg\r'],
    ['mixed line ends', 'id,image\r\nä,/a.jpg\n'],
    ['no last line end', 'id,image\nä,/a.jpg'],
    ['empty lines', '\n\nid,image\n\nä,/a.jpg\n\n'],
    ['semicolons', 'id;image\nä;/a.jpg\n'],
    ['tabs', 'id\timage\nä\t/a.jpg\n'],
    ['quotes', '"id","image"\n"ä","/a.jpg"\n'],
  ])('is read with %s', async (_, text) => {
    expect((await read(text)).assets).toEqual([{ assetId: 'ä', images: [{ uri: '/a.jpg' }], attributes: {} }]);
  });

  it('keeps commas, quotes and line ends inside quotes, and stray quotes', async () => {
    const { assets } = await read('id,image,note\n1,/a.jpg,"a, ""b""\nc"\n2,/b.jpg,5" pipe\n');
    expect(assets.map(({ attributes }) => attributes['note'])).toEqual(['a, "b"\nc', '5" pipe']);
  });

  it.each([
    ['91,0', 'lat'],
    ['1,181', 'lng'],
    ['12°N,4', 'lat'],
    ['1,', 'lat'],
    ['1_0,2', 'lat'],
  ])('keeps as attributes what is no place: %s', async (cells, name) => {
    const [asset] = (await read(`id,image,lat,lng\n1,/a.jpg,${cells}\n`)).assets;
    expect(asset).not.toHaveProperty('location');
    expect(asset?.attributes).toHaveProperty(name);
  });

  it.each(['yesterday', '5/4/2026', '2026-02-30', '2026-05-04 25:00', '1760000000'])(
    'keeps as attribute what is no time: %s',
    async (cell) => {
      const [asset] = (await read(`id,image,detection_time\n1,/a.jpg,${cell}\n`)).assets;
      expect(asset).toMatchObject({ attributes: { detection_time: cell } });
      expect(asset).not.toHaveProperty('detectionTime');
    },
  );

  it('rejects rows that can be no asset, with their line, and goes on', async () => {
    const { assets, rejects } = await read(
      'id,image,note\n' +
        'a,/1.jpg,"two\nlines"\n' + // 2 and 3
        'b,/2.jpg\n' + // 4
        ',/3.jpg,x\n' +
        'c,/4.jpg,x,y\n' +
        '"a",/5.jpg,"two\nlines"\n' + // 7 and 8
        `${'x'.repeat(501)},/6.jpg,x\n` +
        `d,/7.jpg,${'y'.repeat(20_000)}\n` +
        'e,/8.jpg,x\n',
    );
    expect(assets.map(({ assetId }) => assetId)).toEqual(['a', 'e']);
    expect(rejects.map(({ line, reason }) => ({ line, reason }))).toEqual([
      { line: 4, reason: 'the row has 2 cells, the header 3; is a comma or quote missing?' },
      { line: 5, reason: 'the row has no id' },
      { line: 6, reason: 'the row has 4 cells, the header 3; is a comma or quote missing?' },
      { line: 7, reason: 'the id "a" came before; ids must be unique' },
      { line: 9, reason: 'the id is longer than 500 characters' },
      { line: 10, reason: expect.stringMatching(/^the row has 20\d+ bytes; the limit is 16384/) },
    ]);
  });

  it('reads a long file across its blocks', async () => {
    const path = pathOf('long.csv');
    const note = 'ß'.repeat(300);
    await writeFile(
      path,
      `id,image,note\n${Array.from({ length: 15_000 }, (_, n) => `${n},/${n}.jpg,${note}\n`).join('')}`,
    );
    let count = 0;
    for await (const asset of source.assets({ kind: 'csv', path }, () => {})) {
      if (asset.attributes['note'] !== note) throw new Error(`broken at ${asset.assetId}`);
      count++;
    }
    expect(count).toBe(15_000);
  });

  it('gives back what was written, whatever the cells hold', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll('\0', ''));
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 20 }), async (notes) => {
        const lines = notes.map((note, index) => `${index},/a.jpg,${quote(note)}`);
        const { assets } = await read(`id,image,note\n${lines.join('\n')}\n`);
        expect(assets.map(({ attributes }) => attributes['note'])).toEqual(notes.map((note) => note || null));
      }),
      { seed: 20_261_121, numRuns: 100 },
    );
  });
});

describe('the columns of a CSV file', () => {
  const columnsOf = async (text: string) => {
    const path = pathOf('list.csv');
    await writeFile(path, text);
    return (await source.settle({ kind: 'csv', path })).map;
  };

  it.each([
    ['link,key\nhttps://x.org/a.jpg,7\n', { id: 'link', image: ['link'] }],
    ['key,shot\n7,a.JPG\n8,b.png\n', { id: 'shot', image: ['shot'] }],
    ['pole id,shot\n7,gs://b/a.jpg\n', { id: 'pole id', image: ['shot'] }],
    ['id,photo_1,photo_2\n7,a.jpg,b.jpg\n', { id: 'id', image: ['photo_1', 'photo_2'] }],
    ['id,shot,note\n7,a.jpg,b.jpg\n8,,c\n', { id: 'id', image: ['shot'] }],
    ['id,images\n7,"[""a.jpg"",""b.jpg""]"\n', { id: 'id', image: ['images'] }],
  ])('are guessed from names and values: %j', async (text, map) => expect(await columnsOf(text)).toEqual(map));

  it('may name several images each, and rows several images of one asset', async () => {
    const wide = await read('id,a,b\n1,x.jpg,y.jpg\n2,z.jpg,\n', { map: { image: ['b', 'a'] } });
    const uris = ({ assets }: typeof wide) =>
      assets.map(({ images }) => images.map(({ uri }) => uri.split('/').at(-1)));
    expect(uris(wide)).toEqual([['y.jpg', 'x.jpg'], ['z.jpg']]);
    const list = await read('id,image\n1,"[""x.jpg"", ""https://h.org/y.jpg""]"\n');
    expect(uris(list)).toEqual([['x.jpg', 'y.jpg']]);
    const long = await read(
      'id,image,observation_id,kind\n1,x.jpg,o1,a\n1,y.jpg,o2,b\n2,z.jpg,o3,c\n1,late.jpg,o4,d\n',
      {
        rowsPerAsset: 'many',
      },
    );
    expect(uris(long)).toEqual([['x.jpg', 'y.jpg'], ['z.jpg']]);
    expect(long.assets[0]).toMatchObject({
      images: [{ observationId: 'o1' }, { observationId: 'o2' }],
      attributes: { kind: 'a' },
    });
    expect(long.rejects).toMatchObject([
      { line: 5, kind: 'duplicate', reason: expect.stringContaining('sort the file') },
    ]);
  });

  it('start relative paths at the base folder', async () => {
    expect((await read('id,image\n1,x.jpg\n', { base: '/pictures' })).assets[0]?.images).toEqual([
      { uri: '/pictures/x.jpg' },
    ]);
  });
});

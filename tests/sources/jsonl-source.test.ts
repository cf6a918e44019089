import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJsonlSource } from '../../sources/jsonl-source.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { assetSourceSuite, readAll } from '../suites/asset-source.suite.ts';

const source = createJsonlSource();

assetSourceSuite('a file of JSON lines', {
  source,
  temporaryFolder: () => temporaryFolder('sightline-jsonl-'),
  good: async (folder) => {
    const lines = [
      { id: 1, image: 'a.jpg' },
      { id: 2, image: ['b.jpg', 'c.jpg'] },
      { id: 1, image: 'd.jpg' },
      { id: 3, image: 'e.jpg' },
    ];
    await writeFile(join(folder, 'a.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return { kind: 'jsonl', path: join(folder, 'a.jsonl') };
  },
  missing: (folder) => ({ kind: 'jsonl', path: join(folder, 'none.jsonl') }),
  empty: async (folder) => {
    await writeFile(join(folder, 'a.jsonl'), '\n');
    return { kind: 'jsonl', path: join(folder, 'a.jsonl') };
  },
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('sightline-jsonl-');
});
afterAll(async () => folder[Symbol.asyncDispose]());

async function read(text: string | Uint8Array) {
  const path = join(folder.path, 'list.jsonl');
  await writeFile(path, text);
  return readAll(source, { kind: 'jsonl', path });
}

describe('a file of JSON lines', () => {
  it('gives images, place, time and attributes of any type', async () => {
    const line = {
      assetId: 'p-1',
      images: [{ uri: 'a.jpg', observation_id: 'o1', captured_at: '2026-05-04T10:20:30Z' }, 'https://x.org/b.jpg'],
      lat: 52.5,
      lng: '4.25',
      captured_at: '2026-05-04',
      count: 3,
      checked: true,
      gone: null,
      tags: ['x', { y: 1 }],
    };
    expect((await read(JSON.stringify(line))).assets).toEqual([
      {
        assetId: 'p-1',
        images: [
          { uri: join(folder.path, 'a.jpg'), observationId: 'o1', capturedAt: '2026-05-04T10:20:30Z' },
          { uri: 'https://x.org/b.jpg' },
        ],
        location: { latitude: 52.5, longitude: 4.25 },
        detectionTime: '2026-05-04',
        attributes: { count: 3, checked: true, gone: null, tags: '["x",{"y":1}]' },
      },
    ]);
  });

  it('rejects what is no object, with its line as it stands, and goes on', async () => {
    const { assets, rejects } = await read(
      [
        '{"id":"a","image":"a.jpg"}',
        '',
        'nonsense',
        '[1]',
        '{"id":"b","image":7}',
        '{"image":"c.jpg"}',
        '{"id":"d"}',
      ].join('\r\n'),
    );
    expect(assets.map(({ assetId, images }) => [assetId, images.length])).toEqual([
      ['a', 1],
      ['d', 0],
    ]);
    expect(rejects).toEqual([
      { line: 3, kind: 'bad', reason: 'the line is not valid JSON', original: { text: 'nonsense' } },
      { line: 4, kind: 'bad', reason: expect.stringContaining('no object'), original: { text: '[1]' } },
      {
        line: 5,
        kind: 'bad',
        reason: 'image: image 1 is no path or address',
        original: { text: '{"id":"b","image":7}' },
      },
      { line: 6, kind: 'bad', reason: 'the row has no id', original: { text: '{"image":"c.jpg"}' } },
    ]);
  });

  it('keeps keys that mean something to JavaScript', async () => {
    const { assets } = await read('{"id":"a","image":"a.jpg","__proto__":"x","constructor":"y","7":"z"}');
    expect(Object.entries(assets[0]?.attributes ?? {})).toEqual([
      ['7', 'z'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it.each([
    ['over several lines', '[\n{"id":"a","image":"a.jpg"},\n{"id":"b","image":"b.jpg"}\n]\n'],
    ['in one line', '\n [{"id":"a","image":"a.jpg"}]'],
  ])('is refused when it is one array %s: most of it would be rejected', async (_, text) => {
    await expect(read(text)).rejects.toThrow(/list.jsonl is a JSON array, not JSON Lines; .*jq -c '\.\[\]'/);
  });

  it('keeps numbers that JavaScript cannot hold as they are written', async () => {
    const { assets } = await read(
      '{"id":1234567890123456789,"image":"a.jpg","n":12345678901234567890}\n{"id":1234567890123456788,"image":"b.jpg","n":1e999}',
    );
    expect(assets.map(({ assetId, attributes }) => [assetId, attributes['n']])).toEqual([
      ['1234567890123456789', '12345678901234567890'],
      ['1234567890123456788', '1e999'],
    ]);
  });

  it('rejects a line that is nested too deeply', async () => {
    const deep = `${'['.repeat(7_000)}${']'.repeat(7_000)}`;
    const { assets, rejects } = await read(`{"id":"a","image":"a.jpg"}\n{"id":"b","image":"b.jpg","deep":${deep}}`);
    expect(assets).toHaveLength(1);
    expect(rejects).toMatchObject([{ line: 2, reason: 'the line is nested too deeply' }]);
  });

  it('is read in UTF-16 as well', async () => {
    const { assets } = await read(Buffer.from('\uFEFF{"id":"ä","image":"a.jpg"}\n', 'utf16le'));
    expect(assets[0]?.assetId).toBe('ä');
  });
});

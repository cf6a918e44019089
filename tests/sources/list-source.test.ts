import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createListSource } from '../../sources/list-source.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { assetSourceSuite, readAll } from '../suites/asset-source.suite.ts';

const source = createListSource();

assetSourceSuite('a list of images', {
  source,
  temporaryFolder: () => temporaryFolder('sightline-list-'),
  good: async (folder) => {
    await writeFile(join(folder, 'a.txt'), 'a.jpg\nb.jpg\na.jpg\n\nc.jpg');
    return { kind: 'list', path: join(folder, 'a.txt') };
  },
  missing: (folder) => ({ kind: 'list', path: join(folder, 'none.txt') }),
  empty: async (folder) => {
    await writeFile(join(folder, 'a.txt'), '\n \n');
    return { kind: 'list', path: join(folder, 'a.txt') };
  },
});

it('takes paths and addresses as they are written, and rejects lines that are too long', async () => {
  await using folder = await temporaryFolder('sightline-list-');
  const path = join(folder.path, 'a.list');
  await writeFile(path, `\uFEFFsub/a b.jpg\r\nhttps://x.org/1.jpg?a=1,2\r\n${'x'.repeat(501)}\r\n/abs.jpg\r\n`);
  const { assets, rejects } = await readAll(source, { kind: 'list', path, base: '/pictures' });
  expect(assets.map(({ assetId, images }) => [assetId, images[0]?.uri])).toEqual([
    ['sub/a b.jpg', '/pictures/sub/a b.jpg'],
    ['https://x.org/1.jpg?a=1,2', 'https://x.org/1.jpg?a=1,2'],
    ['/abs.jpg', '/abs.jpg'],
  ]);
  expect(rejects).toMatchObject([{ line: 3, kind: 'bad', reason: 'the id is longer than 500 characters' }]);
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGoogle } from '../../google/open-google.ts';
import { createFolderSource } from '../../sources/folder-source.ts';
import { parseGroupRule } from '../../sources/group-rule.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { readAll } from '../suites/asset-source.suite.ts';

describe('a rule for the names of files', () => {
  it.each([
    ['{id}_*', '17_front.jpg', '17'],
    ['{id}_*', '17_front_left.jpg', '17'],
    ['{id}_*', 'front.jpg', null],
    ['img-{id}-*', 'img-a.b-2.png', 'a.b'],
    ['{id}', '17.jpg', '17'],
    ['*_{id}.jpg', 'front_17.jpg', '17'],
    ['{id}(1)', '17(1).jpg', '17'],
  ])('%s finds in %s the id %s', (rule, name, id) => expect(parseGroupRule(rule).idOf(name)).toBe(id));

  it.each(['', 'front_*', '{id}_{id}', '{id}/*', `{id}${'*'.repeat(4)}`, `{id}${'x'.repeat(300)}`])(
    '%s is refused in a sentence',
    (rule) => expect(() => parseGroupRule(rule)).toThrow(/cannot group files: it needs \{id\} once/),
  );

  it('makes one asset of the files of a folder that share an id, and rejects the others', async () => {
    await using folder = await temporaryFolder('sightline-group-');
    await mkdir(join(folder.path, 'north'));
    for (const name of ['17_a.jpg', '17_b.jpg', '18_a.jpg', 'odd.jpg', 'north/17_c.jpg']) {
      await writeFile(join(folder.path, name), 'x');
    }
    const { assets, rejects } = await readAll(createFolderSource(openGoogle().storage), {
      kind: 'folder',
      path: folder.path,
      group: '{id}_*',
    });
    expect(assets.map(({ assetId, images }) => [assetId, images.length])).toEqual([
      ['17', 2],
      ['18', 1],
      ['north/17', 1],
    ]);
    expect(rejects).toMatchObject([
      {
        kind: 'bad',
        reason: expect.stringContaining('does not fit {id}_*'),
        original: { cells: [join(folder.path, 'odd.jpg')] },
      },
    ]);
  });
});

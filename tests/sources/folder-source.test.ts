import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openGoogle } from '../../google/open-google.ts';
import { byCodePoint } from '../../sources/code-point-order.ts';
import { createFolderSource } from '../../sources/folder-source.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { assetSourceSuite, readAll } from '../suites/asset-source.suite.ts';

const source = createFolderSource(openGoogle().storage);
const temporary = () => temporaryFolder('sightline-folder-');

async function touch(root: string, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), '');
  }
}

async function read(path: string) {
  const { assets, rejects } = await readAll(source, { kind: 'folder', path });
  return {
    assets: assets.map(
      ({ assetId, images }) => `${assetId}: ${images.map(({ uri }) => uri.slice(path.length + 1)).join(' ')}`,
    ),
    rejects: rejects.map(({ reason }) => reason),
  };
}

async function messageOf(path: string): Promise<string> {
  const result = await source.describe({ kind: 'folder', path });
  return result.ok ? 'fine' : `${result.failure.name}: ${result.failure.message}`;
}

assetSourceSuite('a folder', {
  source,
  temporaryFolder: temporary,
  good: async (folder) => {
    await touch(folder, 'a.jpg', 'poles/1/b.jpg', 'poles/1/c.jpg', 'signs/d.png', 'notes.txt');
    await symlink(folder, join(folder, 'again'));
    return { kind: 'folder', path: folder };
  },
  missing: (folder) => ({ kind: 'folder', path: join(folder, 'none') }),
  empty: async (folder) => {
    await touch(folder, 'notes.txt');
    return { kind: 'folder', path: folder };
  },
});

describe('a folder of images', () => {
  it('groups the images of a sub-folder, and takes each image of the root by itself', async () => {
    await using folder = await temporary();
    await touch(
      folder.path,
      'b.jpg',
      'a.jpg',
      'poles/17/side.jpg',
      'poles/17/front.jpg',
      'poles/3/x.jpg',
      'poles/over.jpg',
    );
    expect((await read(folder.path)).assets).toEqual([
      'a.jpg: a.jpg',
      'b.jpg: b.jpg',
      'poles: poles/over.jpg',
      'poles/17: poles/17/front.jpg poles/17/side.jpg',
      'poles/3: poles/3/x.jpg',
    ]);
  });

  it('takes files by their ending in any case, whatever they hold, and leaves hidden ones out', async () => {
    await using folder = await temporary();
    const images = [
      'A.JPG',
      'b.Jpeg',
      'c.png',
      'd.webp',
      'e.tif',
      'f.TIFF',
      'g.gif',
      'h.avif',
      'i.heic',
      'j.HEIF',
      'k.bmp',
    ];
    await touch(folder.path, ...images, 'x.txt', 'jpg', 'y.jpg.txt', '.hidden.jpg', '.trash/z.jpg', 'sub/.cache/z.jpg');
    expect((await read(folder.path)).assets.map((line) => line.split(':')[0])).toEqual(images);
  });

  it('orders by code point', async () => {
    await using folder = await temporary();
    await touch(folder.path, 'ä.jpg', 'Z.jpg', 'a.jpg', '\u{1F600}.jpg', '\uFFFC.jpg', '10.jpg', '9.jpg');
    expect((await read(folder.path)).assets.map((line) => line.split(':')[0])).toEqual([
      '10.jpg',
      '9.jpg',
      'Z.jpg',
      'a.jpg',
      'ä.jpg',
      '\uFFFC.jpg',
      '\u{1F600}.jpg',
    ]);
  });

  it('takes odd names as they are', async () => {
    await using folder = await temporary();
    await touch(folder.path, 'it\'s a "b" 100%.jpg', 'line\nbreak/a.jpg', '-rf/*.jpg', '[x] {y}/a.jpg');
    expect((await read(folder.path)).assets).toHaveLength(4);
  });

  it('ends when links lead in circles, and reads each linked folder once', async () => {
    await using folder = await temporary();
    await using other = await temporary();
    await touch(folder.path, 'a/1.jpg', 'b/2.jpg');
    await touch(other.path, 'deep/3.jpg');
    await symlink(folder.path, join(folder.path, 'a/up'));
    await symlink(join(folder.path, 'b'), join(folder.path, 'a/sideways'));
    await symlink(other.path, join(folder.path, 'c'));
    await symlink(other.path, join(folder.path, 'd'));
    await symlink(folder.path, join(other.path, 'deep/back'));
    const { assets, rejects } = await read(folder.path);
    expect(assets).toEqual(['a: a/1.jpg', 'b: b/2.jpg', 'c/deep: c/deep/3.jpg']);
    expect(rejects).toHaveLength(4);
    expect(rejects.every((reason) => /links to .* read already/.test(reason))).toBe(true);
  });

  it('may be a link itself', async () => {
    await using folder = await temporary();
    await touch(folder.path, 'real/sub/a.jpg');
    await symlink(join(folder.path, 'real'), join(folder.path, 'link'));
    expect((await read(join(folder.path, 'link'))).assets).toEqual(['sub: sub/a.jpg']);
  });

  it('keeps links and pipes with the name of an image: they become rows that say what is wrong', async () => {
    await using folder = await temporary();
    await symlink('nowhere.jpg', join(folder.path, 'dangling.jpg'));
    execFileSync('mkfifo', [join(folder.path, 'pipe.jpg')]);
    expect((await read(folder.path)).assets).toEqual(['dangling.jpg: dangling.jpg', 'pipe.jpg: pipe.jpg']);
  });

  it('rejects what can be no asset and goes on', async () => {
    await using folder = await temporary();
    await touch(folder.path, 'a.jpg', ...Array.from({ length: 201 }, (_, index) => `many/${index}.jpg`));
    const long = Array.from({ length: 4 }, () => 'x'.repeat(150)).join('/');
    await touch(folder.path, `${long}/a.jpg`);
    await writeFile(Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from([0xe9]), Buffer.from('.jpg')]), '');
    const { assets, rejects } = await read(folder.path);
    expect(assets).toEqual(['a.jpg: a.jpg']);
    expect(rejects).toEqual([
      expect.stringMatching(/not UTF-8; rename the file/),
      expect.stringMatching(/^many holds 201 images; one asset can have 200/),
      expect.stringMatching(/longer than 500 characters/),
    ]);
  });

  it('reads many files without opening one', async () => {
    await using folder = await temporary();
    await touch(folder.path, ...Array.from({ length: 3000 }, (_, index) => `${index % 40}/${index}.jpg`));
    const startedAt = performance.now();
    expect((await read(folder.path)).assets).toHaveLength(40);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe('a folder that cannot be used', () => {
  it('says what is wrong with it', async () => {
    await using folder = await temporary();
    await touch(folder.path, 'sub/notes.txt', 'list.csv');
    expect(await messageOf(folder.path)).toMatch(
      /^InvalidRequest: No images in .*: there are 2 other files, but none ending in .jpg/,
    );
    expect(await messageOf(join(folder.path, 'list.csv'))).toMatch(
      /^InvalidRequest: .*list.csv is a file, not a folder/,
    );
    expect(await messageOf(join(folder.path, 'none'))).toMatch(/^InvalidRequest: The folder .*none does not exist/);
    await touch(folder.path, 'poles/17-a.jpg');
    const misfit = await source.describe({ kind: 'folder', path: join(folder.path, 'poles'), group: '{id}_*' });
    expect(misfit).toMatchObject({
      failure: { message: expect.stringMatching(/can be used; 17-a.jpg: the name does not fit \{id\}_\*/) },
    });
    await mkdir(join(folder.path, 'empty'));
    expect(await messageOf(join(folder.path, 'empty'))).toMatch(/^InvalidRequest: No images in .*there are no files/);
    await symlink(join(folder.path, 'self'), join(folder.path, 'self'));
    expect(await messageOf(join(folder.path, 'self'))).toMatch(/^InvalidRequest: .*circle/);
  });

  it.runIf(process.seteuid !== undefined)(
    'may not be read: the whole folder, or a part that is then rejected',
    async () => {
      await using folder = await temporary();
      await touch(folder.path, 'a.jpg', 'closed/b.jpg', 'open/c.jpg');
      await chmod(folder.path, 0o755);
      await chmod(join(folder.path, 'closed'), 0o000);
      const user = process.geteuid?.();
      if (user === 0) process.seteuid?.(65_534);
      try {
        expect(await messageOf(join(folder.path, 'closed'))).toMatch(/^InvalidRequest: .*closed may not be read/);
        const { assets, rejects } = await read(folder.path);
        expect(assets).toEqual(['a.jpg: a.jpg', 'open: open/c.jpg']);
        expect(rejects).toEqual([expect.stringMatching(/closed may not be read/)]);
      } finally {
        if (user === 0) process.seteuid?.(0);
      }
    },
  );
});

describe('code point order', () => {
  it('is the order of the code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 6 }), (a, b) => {
        expect(Math.sign(byCodePoint(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { seed: 20_261_121, numRuns: 2000 },
    );
  });
});

import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOfflineAnalyzer } from '../../../analyzers/offline-analyzer.ts';
import { makeDemoPictures, type DemoSet } from '../../../cli/demo/make-pictures.ts';
import type { Asset } from '../../../contracts/asset.ts';
import { failureRule } from '../../../contracts/failures.ts';
import { loadFromDisk } from '../../images/load-from-disk.ts';
import { openGoogle } from '../../../google/open-google.ts';
import { createFolderSource } from '../../../sources/folder-source.ts';
import { temporaryFolder } from '../../stores/temporary-folder.ts';
import { inputFor, promptNamed } from '../../suites/analyzer.suite.ts';
import { readAll } from '../../suites/asset-source.suite.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let set: DemoSet;
let assets: readonly Asset[];
beforeAll(async () => {
  folder = await temporaryFolder('sightline-demo-');
  set = await makeDemoPictures(folder.path);
  ({ assets } = await readAll(createFolderSource(openGoogle().storage), { kind: 'folder', path: set.picturesFolder }));
}, 60_000);
afterAll(async () => folder[Symbol.asyncDispose]());

async function filesOf(path: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = files.map(
    async (file) => [file.slice(path.length + 1), (await readFile(file)).toString('base64')] as const,
  );
  return Object.fromEntries((await Promise.all(pairs)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe('the demo pictures', () => {
  it('are the assets of the ground truth, which lies outside of the source', async () => {
    expect(assets.map(({ assetId }) => assetId).toSorted()).toEqual(Object.keys(set.groundTruth.assets).toSorted());
    expect(JSON.parse(await readFile(set.groundTruthPath, 'utf8'))).toEqual(set.groundTruth);
    expect(await readdir(folder.path)).toEqual(['ground-truth.json', 'pictures']);
  });

  it('end with the offline analyzer as the ground truth says', async () => {
    const analyzer = createOfflineAnalyzer();
    const prompt = await promptNamed('photo-quality');
    for (const { assetId, images } of assets) {
      const expected = set.groundTruth.assets[assetId];
      const result = await analyzer.analyze(inputFor(analyzer, prompt, { assetId, images }));
      const end = result.ok
        ? { outcome: 'succeeded', findings: result.value.findings }
        : { outcome: failureRule(result.failure.name).outcome, failure: result.failure.name };
      const { note: _, ...compared } = expected ?? {};
      expect({ assetId, ...end }).toMatchObject({ assetId, ...compared });
    }
  }, 60_000);

  it('know where and when they were taken', async () => {
    const image = await loadFromDisk(join(set.picturesFolder, 'bench/front.jpg'));
    expect(image).toMatchObject({
      ok: true,
      value: {
        location: { latitude: expect.closeTo(52.37, 2), longitude: expect.closeTo(4.89, 2) },
        capturedAt: '2026-05-14T09:06:30+02:00',
      },
    });
  });

  it('hold what is promised: a duplicate, a PNG named .jpg, a text, an empty and a truncated file', async () => {
    const files = await filesOf(set.picturesFolder);
    expect(files['fire-hydrant-copy/front.jpg']).toBe(files['fire-hydrant/front.jpg']);
    expect(
      Buffer.from(files['png-inside.jpg'] ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(files['empty.jpg']).toBe('');
    expect(Buffer.from(files['notes.jpg'] ?? '', 'base64').toString()).toMatch(/^Shopping list/);
  });

  it('are the same bytes each time, also when two make them at once', async () => {
    await using other = await temporaryFolder('sightline-demo-');
    await Promise.all([makeDemoPictures(other.path), makeDemoPictures(other.path)]);
    expect(await filesOf(other.path)).toEqual(await filesOf(folder.path));
  }, 60_000);

  it('are left alone when they are there, and made again when one is gone or the version is another', async () => {
    const picture = join(set.picturesFolder, 'bench/front.jpg');
    const before = await stat(picture);
    await makeDemoPictures(folder.path);
    expect((await stat(picture)).ino).toBe(before.ino);
    await rm(picture);
    await makeDemoPictures(folder.path);
    expect((await stat(picture)).size).toBe(before.size);
    await writeFile(set.groundTruthPath, '{"version":0}');
    await writeFile(picture, 'old');
    await makeDemoPictures(folder.path);
    expect((await stat(picture)).size).toBe(before.size);
  }, 60_000);
});

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzers/ports.ts';
import type { BlobStore } from '../../stores/ports.ts';
import type { JsonlSpec } from '../../contracts/source.ts';
import type { AssetSource } from '../../sources/ports.ts';
import { temporaryFolder } from '../stores/temporary-folder.ts';
import { analyzerSuite, inputFor, promptNamed } from '../suites/analyzer.suite.ts';
import { assetSourceSuite, readAll } from '../suites/asset-source.suite.ts';
import { blobStoreSuite } from '../suites/blob-store.suite.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface PageCode {
  readonly path: string;
  readonly text: string;
}

/** The pieces of code of a page, by the path in their first line; the file that it adds is the last. */
async function codeOf(page: string): Promise<readonly [...PageCode[], PageCode]> {
  const markdown = await readFile(join(ROOT, 'docs', 'how-to', page), 'utf8');
  const found = [...markdown.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)];
  const pieces = found.map(([, path = '', text = '']) => ({ path, text }));
  const last = pieces.pop();
  if (last === undefined) throw new Error(`${page} has no code that begins with its path`);
  return [...pieces, last];
}

/** A folder that looks like the repository to the code of a page, with that code in its place. */
async function placeCode(page: string): Promise<{ readonly root: string; readonly file: string }> {
  const { path, text } = (await codeOf(page)).at(-1)!;
  const root = await makeRoot();
  const folder = dirname(path);
  for (const name of ['contracts', 'images', 'node_modules', 'prompts', 'sources'].filter((each) => each !== folder)) {
    await symlink(join(ROOT, name), join(root, name));
  }
  await mkdir(join(root, folder));
  for (const name of await readdir(join(ROOT, folder))) {
    await symlink(join(ROOT, folder, name), join(root, folder, name));
  }
  await writeProject(root, path, text);
  return { root, file: join(root, path) };
}

async function makeRoot(): Promise<string> {
  await mkdir(join(ROOT, 'test-results'), { recursive: true });
  return mkdtemp(join(ROOT, 'test-results', 'how-to-'));
}

async function writeProject(root: string, path: string, text: string): Promise<void> {
  await cp(join(ROOT, 'tsconfig.json'), join(root, 'base.json'));
  await writeFile(join(root, 'tsconfig.json'), JSON.stringify({ extends: './base.json', include: [path] }));
  await writeFile(join(root, path), text);
}

/** A copy of the folders that a new source belongs to, with what the page adds to the contract: for its types. */
async function copyWithContract(page: string): Promise<string> {
  const [contract, adapter] = await codeOf(page);
  const root = await makeRoot();
  for (const name of ['contracts', 'sources']) await cp(join(ROOT, name), join(root, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const kinds = join(root, contract.path);
  const before = await readFile(kinds, 'utf8');
  await writeFile(
    kinds,
    before.replace(/^export type TableSpec = .*;$/m, () => contract.text),
  );
  await writeProject(root, adapter!.path, adapter!.text);
  return root;
}

const pages = ['add-an-analyzer.md', 'add-a-store.md', 'add-a-source.md'] as const;
const placed = await Promise.all(pages.map(placeCode));
const [analyzerPage, storePage] = placed;
const sourceTypes = await copyWithContract('add-a-source.md');
const [tint, memory, ini] = (await Promise.all(placed.map(({ file }) => import(file)))) as [
  { readonly createTintAnalyzer: () => Analyzer },
  { readonly createMemoryBlobStore: () => BlobStore },
  /** Only the contract that the page changes knows the kind. */
  { readonly createIniSource: () => AssetSource<JsonlSpec> },
];
const analyzer = tint.createTintAnalyzer();
const roots = [...placed.map(({ root }) => root), sourceTypes];
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true }))));

async function picture(background: string): Promise<string> {
  const path = join(analyzerPage!.root, `${background.slice(1)}.png`);
  await sharp({ create: { width: 100, height: 80, channels: 3, background } })
    .png()
    .toFile(path);
  return path;
}

analyzerSuite('the analyzer of the how-to', {
  analyzer,
  prompts: ['classification'],
  image: () => picture('#336699'),
});
blobStoreSuite('the store of the how-to', async () => ({
  blobs: memory.createMemoryBlobStore(),
  [Symbol.asyncDispose]: async () => undefined,
}));

const source = ini.createIniSource();
const SECTIONS = [
  '[pole-1]\nimage = ["a.jpg", "b.jpg"]\nlat = 48\nlng = 11\n',
  '[pole-2]\nimage = https://x.org/c.jpg?a=1\nmaterial = oak\n',
  '[pole-3]\nimage\n',
  '[pole-4]\nimage = d.jpg\n',
];
const iniAt = (folder: string): JsonlSpec => ({ kind: 'ini' as 'jsonl', path: join(folder, 'poles.ini') });
const writeIni = async (folder: string, text: string): Promise<JsonlSpec> => {
  await writeFile(iniAt(folder).path, text);
  return iniAt(folder);
};
assetSourceSuite('the source of the how-to', {
  source,
  temporaryFolder: () => temporaryFolder('sightline-ini-'),
  good: (folder) => writeIni(folder, SECTIONS.join('\n').replace('https://x.org/c.jpg?a=1', 'c.jpg')),
  missing: iniAt,
  empty: (folder) => writeIni(folder, '\n'),
});

describe('the code of the how-tos', () => {
  it('does what the page says: sections are assets, keys are columns', async () => {
    await using folder = await temporaryFolder('sightline-ini-');
    const { assets, rejects } = await readAll(source, await writeIni(folder.path, SECTIONS.join('\n')));
    expect(assets.map(({ assetId, images, attributes }) => [assetId, images.length, attributes])).toEqual([
      ['pole-1', 2, {}],
      ['pole-2', 1, { material: 'oak' }],
      ['pole-4', 1, {}],
    ]);
    expect(rejects).toMatchObject([{ line: 10, reason: '"image" has no =' }]);
    const lost = await readAll(source, await writeIni(folder.path, `image = a.jpg\n${SECTIONS.join('')}`));
    expect(lost.rejects[0]).toMatchObject({ line: 1, reason: 'the row has no id' });
  });

  it.each([
    ['#cc2222', 'red'],
    ['#22cc22', 'green'],
    ['#777777', 'grey'],
  ])('does what the page says: %s is %s', async (background, label) => {
    const prompt = await promptNamed('classification');
    const result = await analyzer.analyze(inputFor(analyzer, prompt, { images: [{ uri: await picture(background) }] }));
    expect(result).toMatchObject({ ok: true, value: { findings: { label } } });
  });

  it.each([
    ['add-an-analyzer.md', analyzerPage!.root],
    ['add-a-store.md', storePage!.root],
    ['add-a-source.md', sourceTypes],
  ])('%s has the right types', async (_page, root) => {
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
    const { stdout } = await promisify(execFile)(tsc, ['-p', root]).catch((error: unknown) => error as never);
    expect(stdout).toBe('');
  });
});

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzers/ports.ts';
import type { BlobStore } from '../../stores/ports.ts';
import { analyzerSuite, inputFor, promptNamed } from '../suites/analyzer.suite.ts';
import { blobStoreSuite } from '../suites/blob-store.suite.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The code of a page, by the path in its first line. */
async function codeOf(page: string): Promise<{ readonly path: string; readonly text: string }> {
  const markdown = await readFile(join(ROOT, 'docs', 'how-to', page), 'utf8');
  const [, path = '', text = ''] = /```ts\n\/\/ (\S+)\n(.*?)```/s.exec(markdown) ?? [];
  if (path === '') throw new Error(`${page} has no code that begins with its path`);
  return { path, text };
}

/** A folder that looks like the repository to the code of a page, with that code in its place. */
async function placeCode(page: string): Promise<{ readonly root: string; readonly file: string }> {
  const { path, text } = await codeOf(page);
  await mkdir(join(ROOT, 'test-results'), { recursive: true });
  const root = await mkdtemp(join(ROOT, 'test-results', 'how-to-'));
  const folder = dirname(path);
  for (const name of ['contracts', 'images', 'node_modules', 'sources'].filter((each) => each !== folder)) {
    await symlink(join(ROOT, name), join(root, name));
  }
  await mkdir(join(root, folder));
  for (const name of await readdir(join(ROOT, folder))) {
    await symlink(join(ROOT, folder, name), join(root, folder, name));
  }
  await cp(join(ROOT, 'tsconfig.json'), join(root, 'base.json'));
  await writeFile(join(root, 'tsconfig.json'), JSON.stringify({ extends: './base.json', include: [path] }));
  await writeFile(join(root, path), text);
  return { root, file: join(root, path) };
}

const pages = ['add-an-analyzer.md', 'add-a-store.md'] as const;
const [analyzerPage, storePage] = await Promise.all(pages.map(placeCode));
const [tint, memory] = (await Promise.all([import(analyzerPage!.file), import(storePage!.file)])) as [
  { readonly createTintAnalyzer: () => Analyzer },
  { readonly createMemoryBlobStore: () => BlobStore },
];
const analyzer = tint.createTintAnalyzer();
afterAll(() => Promise.all([analyzerPage, storePage].map((placed) => rm(placed!.root, { recursive: true }))));

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

describe('the code of the how-tos', () => {
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
    ['add-an-analyzer.md', analyzerPage],
    ['add-a-store.md', storePage],
  ])('%s has the right types', async (_page, placed) => {
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
    const { stdout } = await promisify(execFile)(tsc, ['-p', placed!.root]).catch((error: unknown) => error as never);
    expect(stdout).toBe('');
  });
});

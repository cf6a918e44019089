import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { demoAssets, type DemoPicture, type ExpectedOutcome } from './demo-assets.ts';
import { renderGrain, renderPicture } from './render-picture.ts';

export interface DemoSet {
  /** The source: a folder of images. */
  readonly picturesFolder: string;
  /** JSON of `groundTruth`, outside of the source. */
  readonly groundTruthPath: string;
  readonly groundTruth: GroundTruth;
}

export interface GroundTruth {
  /** Changes when the pictures do. */
  readonly version: number;
  readonly prompt: 'photo-quality';
  /** By asset id. */
  readonly assets: Readonly<Record<string, ExpectedOutcome>>;
}

/**
 * Makes `<folder>/pictures` and `<folder>/ground-truth.json`, or leaves them alone when this version of them is there
 * already. Two processes may do so at once: each works aside and moves the finished folder into place.
 */
export async function makeDemoPictures(folder: string): Promise<DemoSet> {
  const assets = demoAssets();
  const groundTruth: GroundTruth = {
    version: VERSION,
    prompt: 'photo-quality',
    assets: Object.fromEntries(assets.map(({ id, expected }) => [id, expected])),
  };
  const set: DemoSet = {
    picturesFolder: join(folder, 'pictures'),
    groundTruthPath: join(folder, 'ground-truth.json'),
    groundTruth,
  };
  const pictures = assets.flatMap((asset) => asset.pictures);
  const paths = pictures.map(({ path }) => join(set.picturesFolder, path));
  const stamp = `${JSON.stringify(groundTruth, null, 2)}\n`;
  if (await isThere(set.groundTruthPath, stamp, paths)) return set;

  const aside = join(folder, `.making-${randomUUID()}`);
  try {
    await renderInto(join(aside, 'pictures'), pictures);
    await writeInto(join(aside, 'ground-truth.json'), stamp);
    if (!(await isThere(set.groundTruthPath, stamp, paths))) await moveIntoPlace(aside, set, paths);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return set;
}

const VERSION = 1;

async function isThere(groundTruthPath: string, stamp: string, paths: readonly string[]): Promise<boolean> {
  return (
    (await exists(groundTruthPath)) && (await readFile(groundTruthPath, 'utf8')) === stamp && (await allExist(paths))
  );
}

async function renderInto(folder: string, pictures: readonly DemoPicture[]): Promise<void> {
  const grain = await renderGrain();
  const limit = pLimit(4);
  await Promise.all(
    pictures.map((picture) =>
      limit(async () => writeInto(join(folder, picture.path), await renderPicture(picture, grain))),
    ),
  );
}

async function writeInto(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** The ground truth comes last, as the mark that all is there. */
async function moveIntoPlace(aside: string, set: DemoSet, paths: readonly string[]): Promise<void> {
  const isFirst = !(await exists(set.groundTruthPath));
  const isPlaced = await tryRename(join(aside, 'pictures'), set.picturesFolder);
  // What is there already is either another process's set, whose mark is about to come, or an old or broken one.
  if (!isPlaced && !(isFirst && (await allExist(paths)))) {
    await tryRename(set.picturesFolder, join(aside, 'old'));
    await tryRename(join(aside, 'pictures'), set.picturesFolder);
  }
  await rename(join(aside, 'ground-truth.json'), set.groundTruthPath);
}

/** False when something stands in the way, or another process took `from` away. */
async function tryRename(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && IN_THE_WAY.has(error.code)) return false;
    throw error;
  }
}

const IN_THE_WAY: ReadonlySet<unknown> = new Set(['ENOTEMPTY', 'EEXIST', 'ENOENT']);

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function allExist(paths: readonly string[]): Promise<boolean> {
  return (await Promise.all(paths.map(exists))).every(Boolean);
}

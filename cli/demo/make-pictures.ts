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
    if (!(await isThere(set.groundTruthPath, stamp, paths))) await moveIntoPlace(aside, set);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return set;
}

const VERSION = 1;

async function isThere(groundTruthPath: string, stamp: string, paths: readonly string[]): Promise<boolean> {
  try {
    if ((await readFile(groundTruthPath, 'utf8')) !== stamp) return false;
    await Promise.all(paths.map((path) => access(path)));
    return true;
  } catch {
    return false;
  }
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

/** Moves an older set out of the way first; the ground truth comes last, as the mark that all is there. */
async function moveIntoPlace(aside: string, set: DemoSet): Promise<void> {
  await rename(set.picturesFolder, join(aside, 'old')).catch(ignore('ENOENT'));
  // Not empty: another process was faster, with the same pictures.
  await rename(join(aside, 'pictures'), set.picturesFolder).catch(ignore('ENOTEMPTY', 'EEXIST'));
  await rename(join(aside, 'ground-truth.json'), set.groundTruthPath);
}

function ignore(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Error && 'code' in error && codes.includes(String(error.code)))) throw error;
  };
}

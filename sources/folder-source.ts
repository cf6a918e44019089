import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Dirent } from 'node:fs';
import type { Asset } from '../contracts/asset.ts';
import type { FolderSpec } from '../contracts/source.ts';
import { assetsOfFolder, IMAGE_NAME, noImages, openSorting, type Sorting } from './assets-of-folder.ts';
import { isBucketPath, readBucket, type OpenStorage } from './bucket-folder.ts';
import { describeSource } from './describe-source.ts';
import { byCodePoint } from './code-point-order.ts';
import { sourceErrorOf } from './source-error-of.ts';
import { SourceError, type AssetSource, type OnReject } from './ports.ts';

/**
 * Reads a folder and everything below it, without opening any image.
 *
 * - Every sub-folder that directly holds image files is one asset: its id is its relative path (`poles/17`), its images
 *   are sorted by name. Every image file in the root folder is an asset of its own: its id is its name.
 * - With a rule such as `{id}_*` the names say which files of one folder are an asset, in the root as well; its id is what
 *   stands for `{id}`, behind the path of the folder. Names that do not fit the rule are rejected.
 * - Image files are recognised by their ending (jpg, jpeg, png, webp, tif, tiff, gif, avif, heic, heif, bmp; any case);
 *   what they really hold is seen when they are read. Hidden files and folders are left out.
 * - Order: by code point; files of a folder before its sub-folders. Links to folders are followed once.
 * - Rejected: sub-folders with more than 200 images, ids over 500 characters, names that are not UTF-8, folders that may
 *   not be read.
 * - A path such as `gs://bucket/photos` is read in Cloud Storage by the same rules.
 */
export function createFolderSource(openStorage: OpenStorage): AssetSource<FolderSpec> {
  const source: AssetSource<FolderSpec> = {
    kind: 'folder',
    settle: (spec) => Promise.resolve(spec),
    describe: (spec, watch) => describeSource(source, spec, watch),
    assets: (spec, onReject) =>
      isBucketPath(spec.path) ? readBucket(spec, onReject, openStorage) : readFolder(spec, onReject),
  };
  return source;
}

async function* readFolder(spec: FolderSpec, onReject: OnReject): AsyncIterable<Asset> {
  const sorting = openSorting(spec, spec.path, onReject);
  const walk: Walk = { sorting, trees: [await openRoot(spec.path)] };
  let found = false;
  for await (const asset of walkFolder(walk, spec.path, '')) {
    found = true;
    yield asset;
  }
  if (!found) throw new SourceError('InvalidRequest', noImages(sorting));
}

interface Walk {
  readonly sorting: Sorting;
  /** Real paths of the trees that are read: the root, and what links led to. */
  readonly trees: string[];
}

async function openRoot(path: string): Promise<string> {
  try {
    const stats = await stat(path);
    if (!stats.isDirectory()) {
      throw new SourceError('InvalidRequest', `${path} is a file, not a folder; name the folder that holds the images`);
    }
    return await realpath(path);
  } catch (error) {
    throw sourceErrorOf(path, 'folder', error);
  }
}

async function* walkFolder(walk: Walk, folder: string, id: string): AsyncIterable<Asset> {
  const { images, folders } = await listFolder(walk, folder, id);
  const named = images.map((name) => ({ name, image: { uri: join(folder, name) } }));
  yield* assetsOfFolder(walk.sorting, id, named);
  for (const name of folders) yield* walkFolder(walk, join(folder, name), id === '' ? name : `${id}/${name}`);
}

interface Listing {
  readonly images: readonly string[];
  readonly folders: readonly string[];
}

async function listFolder(walk: Walk, folder: string, id: string): Promise<Listing> {
  const images: string[] = [];
  const folders: string[] = [];
  for (const entry of await readEntries(walk, folder, id)) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) folders.push(entry.name);
    else if (entry.isSymbolicLink() && (await isLinkToFolder(join(folder, entry.name)))) {
      if (await isNewTree(walk, join(folder, entry.name))) folders.push(entry.name);
    } else if (IMAGE_NAME.test(entry.name)) images.push(entry.name);
    else walk.sorting.otherFiles++;
  }
  return { images: images.toSorted(byCodePoint), folders: folders.toSorted(byCodePoint) };
}

async function readEntries(walk: Walk, folder: string, id: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // Which of two links to one folder is followed must not depend on the order of the disk.
    return entries.toSorted((a, b) => byCodePoint(a.name, b.name));
  } catch (error) {
    const failure = sourceErrorOf(folder, 'folder', error);
    if (id === '' || failure.failure === 'SourceUnavailable') throw failure;
    walk.sorting.reject(failure.message, folder);
    return [];
  }
}

async function isLinkToFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // A dangling link with an image's name becomes an asset whose image is missing.
  }
}

/** A link into a tree that is read anyway would double its assets, or lead in circles. */
async function isNewTree(walk: Walk, path: string): Promise<boolean> {
  const target = await realpath(path);
  const known = walk.trees.some((tree) => target === tree || target.startsWith(tree.endsWith(sep) ? tree : tree + sep));
  if (known) walk.sorting.reject(`${path} links to ${target}, which is read already`, path);
  else walk.trees.push(target);
  return !known;
}

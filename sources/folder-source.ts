import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Dirent } from 'node:fs';
import type { Asset } from '../contracts/asset.ts';
import type { FolderSpec } from '../contracts/source.ts';
import { MAX_ID_LENGTH, MAX_IMAGES } from './asset-limits.ts';
import { describeSource } from './describe-source.ts';
import { byCodePoint } from './code-point-order.ts';
import { groupBy, parseGroupRule, type GroupRule } from './group-rule.ts';
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
 */
export function createFolderSource(): AssetSource<FolderSpec> {
  const source: AssetSource<FolderSpec> = {
    kind: 'folder',
    settle: (spec) => Promise.resolve(spec),
    describe: (spec, watch) => describeSource(source, spec, watch),
    assets: readFolder,
  };
  return source;
}

/** Names of files that look like images. */
export const IMAGE_NAME = /\.(jpe?g|png|webp|tiff?|gif|avif|hei[cf]|bmp)$/i;

interface Walk {
  readonly rule: GroupRule | null;
  readonly onReject: (reason: string, path: string) => void;
  /** Real paths of the trees that are read: the root, and what links led to. */
  readonly trees: string[];
  otherFiles: number;
  rejected: number;
  firstReason: string;
}

async function* readFolder(spec: FolderSpec, onReject: OnReject): AsyncIterable<Asset> {
  const rule = spec.group === undefined ? null : parseGroupRule(spec.group);
  const trees = [await openRoot(spec.path)];
  const walk: Walk = { rule, onReject: countReject, trees, otherFiles: 0, rejected: 0, firstReason: '' };
  function countReject(reason: string, path: string): void {
    walk.rejected++;
    walk.firstReason ||= `${relative(spec.path, path)}: ${reason}`;
    onReject({ line: null, kind: 'bad', reason, original: { columns: ['image'], cells: [path] } });
  }
  let found = false;
  for await (const asset of walkFolder(walk, spec.path, '')) {
    found = true;
    yield asset;
  }
  if (!found) throw new SourceError('InvalidRequest', noImages(spec.path, walk));
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

function noImages(path: string, { otherFiles, rejected, firstReason }: Walk): string {
  if (rejected > 0) return `No images in ${path} can be used; ${firstReason}`;
  const others = otherFiles === 1 ? 'is 1 other file' : `are ${otherFiles} other files`;
  const seen = otherFiles === 0 ? 'there are no files' : `there ${others}, but none`;
  return `No images in ${path}: ${seen} ending in .jpg, .png, .webp, .tif, .gif, .avif or .heic; name another folder`;
}

async function* walkFolder(walk: Walk, folder: string, id: string): AsyncIterable<Asset> {
  const { images, folders } = await listFolder(walk, folder, id);
  if (walk.rule !== null) yield* groupsOf(walk, walk.rule, folder, id, images);
  else if (id === '') {
    for (const name of images) yield* assetOf(walk, name, [join(folder, name)]);
  } else if (images.length > 0) {
    yield* assetOf(
      walk,
      id,
      images.map((name) => join(folder, name)),
    );
  }
  for (const name of folders) yield* walkFolder(walk, join(folder, name), id === '' ? name : `${id}/${name}`);
}

function* groupsOf(
  walk: Walk,
  rule: GroupRule,
  folder: string,
  id: string,
  images: readonly string[],
): Iterable<Asset> {
  const { groups, others } = groupBy(rule, images);
  for (const name of others) {
    walk.onReject(`the name does not fit ${rule.text}; rename the file or change the rule`, join(folder, name));
  }
  for (const [part, names] of groups) {
    yield* assetOf(
      walk,
      id === '' ? part : `${id}/${part}`,
      names.map((name) => join(folder, name)),
    );
  }
}

function* assetOf(walk: Walk, assetId: string, paths: readonly string[]): Iterable<Asset> {
  const reason = rejectionOf(assetId, paths);
  if (reason !== null) return walk.onReject(reason, paths[0] ?? '');
  yield { assetId, images: paths.map((uri) => ({ uri })), attributes: {} };
}

function rejectionOf(assetId: string, paths: readonly string[]): string | null {
  if (assetId.length > MAX_ID_LENGTH)
    return `${assetId.slice(0, 80)}...: the path is longer than ${MAX_ID_LENGTH} characters`;
  if (paths.length > MAX_IMAGES) {
    return `${assetId} holds ${paths.length} images; one asset can have ${MAX_IMAGES}: use one sub-folder per thing, or name this folder itself as the source`;
  }
  // Node shows bytes that are not UTF-8 as U+FFFD, and such a name opens nothing.
  return paths.some((path) => path.includes('\uFFFD')) ? `${assetId}: a name is not UTF-8; rename the file` : null;
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
    else walk.otherFiles++;
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
    walk.onReject(failure.message, folder);
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
  if (known) walk.onReject(`${path} links to ${target}, which is read already`, path);
  else walk.trees.push(target);
  return !known;
}

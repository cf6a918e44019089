import type { Asset, ImageRef } from '../contracts/asset.ts';
import type { FolderSpec } from '../contracts/source.ts';
import { MAX_ID_LENGTH, MAX_IMAGES } from './asset-limits.ts';
import { groupBy, parseGroupRule, type GroupRule } from './group-rule.ts';
import type { OnReject } from './ports.ts';

/** Names of files that look like images. */
export const IMAGE_NAME = /\.(jpe?g|png|webp|tiff?|gif|avif|hei[cf]|bmp)$/i;

/** Files of a folder on their way to assets, and what was left out on it. */
export interface Sorting {
  readonly rule: GroupRule | null;
  /** Where the folder is, as a person says it. */
  readonly root: string;
  readonly reject: (reason: string, path: string) => void;
  otherFiles: number;
  rejected: number;
  firstReason: string;
}

/** Throws `SourceError` when the rule for names cannot be read. */
export function openSorting({ group }: FolderSpec, root: string, onReject: OnReject): Sorting {
  const rule = group === undefined ? null : parseGroupRule(group);
  const sorting: Sorting = { rule, root, reject, otherFiles: 0, rejected: 0, firstReason: '' };
  function reject(reason: string, path: string): void {
    sorting.rejected++;
    const shown = path.startsWith(root) ? path.slice(root.length).replace(/^\//, '') : path;
    sorting.firstReason ||= `${shown}: ${reason}`;
    onReject({ line: null, kind: 'bad', reason, original: { columns: ['image'], cells: [path] } });
  }
  return sorting;
}

/** Why a folder has no asset. */
export function noImages({ root, otherFiles, rejected, firstReason }: Sorting): string {
  if (rejected > 0) return `No images in ${root} can be used; ${firstReason}`;
  const others = otherFiles === 1 ? 'is 1 other file' : `are ${otherFiles} other files`;
  const seen = otherFiles === 0 ? 'there are no files' : `there ${others}, but none`;
  return `No images in ${root}: ${seen} ending in .jpg, .png, .webp, .tif, .gif, .avif or .heic; name another folder`;
}

export interface NamedImage {
  readonly name: string;
  readonly image: ImageRef;
}

/** The assets of the images that one folder directly holds; `id` is its path below the root, where it is empty. */
export function* assetsOfFolder(sorting: Sorting, id: string, images: readonly NamedImage[]): Iterable<Asset> {
  if (sorting.rule !== null) yield* groupsOf(sorting, sorting.rule, id, images);
  else if (id === '') for (const image of images) yield* assetOf(sorting, image.name, [image]);
  else if (images.length > 0) yield* assetOf(sorting, id, images);
}

function* groupsOf(sorting: Sorting, rule: GroupRule, id: string, images: readonly NamedImage[]): Iterable<Asset> {
  const byName = new Map(images.map((image) => [image.name, image]));
  const { groups, others } = groupBy(rule, [...byName.keys()]);
  for (const name of others) {
    const uri = byName.get(name)?.image.uri ?? name;
    sorting.reject(`the name does not fit ${rule.text}; rename the file or change the rule`, uri);
  }
  for (const [part, names] of groups) {
    const members = names.flatMap((name) => byName.get(name) ?? []);
    yield* assetOf(sorting, id === '' ? part : `${id}/${part}`, members);
  }
}

function* assetOf(sorting: Sorting, assetId: string, named: readonly NamedImage[]): Iterable<Asset> {
  const images = named.map(({ image }) => image);
  const reason = rejectionOf(assetId, images);
  if (reason !== null) return sorting.reject(reason, images[0]?.uri ?? '');
  yield { assetId, images, attributes: {} };
}

function rejectionOf(assetId: string, images: readonly ImageRef[]): string | null {
  if (assetId.length > MAX_ID_LENGTH)
    return `${assetId.slice(0, 80)}...: the path is longer than ${MAX_ID_LENGTH} characters`;
  if (images.length > MAX_IMAGES) {
    return `${assetId} holds ${images.length} images; one asset can have ${MAX_IMAGES}: use one sub-folder per thing, or name this folder itself as the source`;
  }
  // Node shows bytes that are not UTF-8 as U+FFFD, and such a name opens nothing.
  return images.some(({ uri }) => uri.includes('\uFFFD')) ? `${assetId}: a name is not UTF-8; rename the file` : null;
}

import { posix } from 'node:path';
import type { Storage } from '@google-cloud/storage';
import type { Asset, ImageRef } from '../contracts/asset.ts';
import type { FolderSpec } from '../contracts/source.ts';
import {
  assetsOfFolder,
  IMAGE_NAME,
  noImages,
  openSorting,
  type NamedImage,
  type Sorting,
} from './assets-of-folder.ts';
import { bucketErrorOf } from './bucket-error-of.ts';
import { SourceError, type OnReject } from './ports.ts';

/** The client of Cloud Storage; asked for when a bucket is read. */
export type OpenStorage = () => Promise<Storage>;

export function isBucketPath(path: string): boolean {
  return /^gs:\/\//i.test(path);
}

/**
 * Reads what is below a place in a bucket, `gs://bucket/photos`, by the rules for folders. In a path such as
 * `gs://bucket/photos/2026-??/*.jpg` the part before the first sign that stands for others is the root; `**` stands for folders
 * of any depth. Objects are listed in the order of their names, and a folder comes after those in it. Images are pinned to the
 * generation that is there. Memory grows with the images of the largest folder.
 */
export async function* readBucket(
  spec: FolderSpec,
  onReject: OnReject,
  openStorage: OpenStorage,
): AsyncIterable<Asset> {
  const place = parsePlace(spec.path);
  const sorting = openSorting(spec, spec.path, onReject);
  const images = imagesBelow(await opened(openStorage, place), place, sorting);
  let found = false;
  for await (const folder of foldersOf(images, { rootAtOnce: sorting.rule === null })) {
    for (const asset of assetsOfFolder(sorting, folder.id, folder.images)) {
      found = true;
      yield asset;
    }
  }
  if (!found) throw new SourceError('InvalidRequest', noImages(sorting));
}

async function opened(openStorage: OpenStorage, { path, bucket }: BucketPlace): Promise<Storage> {
  try {
    return await openStorage();
  } catch (error) {
    throw bucketErrorOf(path, bucket, error);
  }
}

interface BucketPlace {
  readonly path: string;
  readonly bucket: string;
  /** What all names begin with: empty, or ending in a slash. */
  readonly prefix: string;
  /** What the rest of a name has to match; null: anything. */
  readonly pattern: string | null;
}

function parsePlace(path: string): BucketPlace {
  const [, bucket, rest = ''] = /^gs:\/\/([^/]+)(?:\/(.*))?$/is.exec(path) ?? [];
  if (bucket === undefined) {
    throw new SourceError('InvalidRequest', `${path} names no bucket; a folder in one is gs://BUCKET/FOLDER`);
  }
  const parts = rest.replace(/\/+$/, '').split('/');
  const first = parts.findIndex((part) => /[*?[{]/.test(part));
  const root = first < 0 ? parts.join('/') : parts.slice(0, first).join('/');
  const pattern = first < 0 ? null : parts.slice(first).join('/');
  return { path, bucket, prefix: root === '' ? '' : `${root}/`, pattern };
}

interface FoundImage extends NamedImage {
  /** Path of its folder below the root. */
  readonly folder: string;
}

const PAGE_OBJECTS = 1_000;

async function* imagesBelow(storage: Storage, place: BucketPlace, sorting: Sorting): AsyncIterable<FoundImage> {
  const { path, bucket, prefix, pattern } = place;
  let pageToken: string | undefined;
  do {
    const page = await listPage(storage, place, pageToken);
    for (const { name: object, generation } of page.objects) {
      const parts = object.slice(prefix.length).split('/');
      const name = parts.at(-1) ?? '';
      if (name === '' || parts.some((part) => part.startsWith('.'))) continue;
      if (IMAGE_NAME.test(name) && (pattern === null || posix.matchesGlob(parts.join('/'), pattern))) {
        const image: ImageRef = { uri: `gs://${bucket}/${object}`, ...(generation && { generation }) };
        yield { folder: parts.slice(0, -1).join('/'), name, image };
      } else sorting.otherFiles++;
    }
    pageToken = page.next;
  } while (pageToken !== undefined);

  async function listPage(client: Storage, { bucket: from }: BucketPlace, token: string | undefined): Promise<Page> {
    const query = { prefix, maxResults: PAGE_OBJECTS, autoPaginate: false, ...(token && { pageToken: token }) };
    try {
      const [, , answer] = await client.bucket(from).getFiles({ ...query, fields: LISTED });
      const { items = [], nextPageToken = '' } = answer as ListAnswer;
      return { objects: items, next: nextPageToken === '' ? undefined : nextPageToken };
    } catch (error) {
      throw bucketErrorOf(path, from, error);
    }
  }
}

const LISTED = 'items(name,generation),nextPageToken';

interface ListedObject {
  readonly name: string;
  readonly generation?: string;
}

interface ListAnswer {
  readonly items?: readonly ListedObject[];
  readonly nextPageToken?: string;
}

interface Page {
  readonly objects: readonly ListedObject[];
  readonly next: string | undefined;
}

interface OpenFolder {
  readonly id: string;
  readonly images: NamedImage[];
}

/** Images by their folders, each as soon as no other can follow; with `rootAtOnce` those of the root one by one. */
async function* foldersOf(
  images: AsyncIterable<FoundImage>,
  { rootAtOnce }: { readonly rootAtOnce: boolean },
): AsyncIterable<OpenFolder> {
  const open: OpenFolder[] = [];
  for await (const { folder: id, ...image } of images) {
    for (let last = open.at(-1); last && !isWithin(id, last.id); last = open.at(-1)) {
      open.pop();
      yield last;
    }
    if (id === '' && rootAtOnce) yield { id, images: [image] };
    else if (open.at(-1)?.id === id) open.at(-1)?.images.push(image);
    else open.push({ id, images: [image] });
  }
  yield* open.toReversed();
}

function isWithin(id: string, outer: string): boolean {
  return outer === '' || id === outer || id.startsWith(`${outer}/`);
}

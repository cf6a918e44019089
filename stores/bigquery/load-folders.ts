import { loadFolder } from '../../contracts/load-folder.ts';
import type { RunPlace } from '../../contracts/run.ts';
import type { StoreDataset } from './dataset.ts';
import type { BucketFolder, LoadBucket } from './load-bucket.ts';
import { keyInObject } from './place-key.ts';

/** What a run keeps in its bucket. */
export interface LoadFolders {
  /** Batches as they were staged. */
  readonly staged: BucketFolder;
  /** The rows of committed segments, as load jobs take them. */
  readonly parts: BucketFolder;
  /** The log of commits of each shard. */
  readonly commits: BucketFolder;
  /** What was decided about load jobs and merges. */
  readonly steps: BucketFolder;
}

/** `sightline/<project>.<dataset>/<run>/...`: everything of a run begins alike, and so does everything of a dataset. */
export function loadFolders(
  bucket: LoadBucket,
  { project, name: dataset }: Pick<StoreDataset, 'project' | 'name'>,
  place: RunPlace,
): LoadFolders {
  const root = loadFolder({ project, dataset }, keyInObject(place));
  const folder = (name: string): BucketFolder => bucket.folder(`${root}/${name}`);
  return { staged: folder('staged'), parts: folder('parts'), commits: folder('commits'), steps: folder('steps') };
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Storage } from '@google-cloud/storage';
import pLimit from 'p-limit';
import type { RunPlace } from '../../contracts/run.ts';
import { StoreMismatchError, StoreRefusedError, StoreUnavailableError } from '../ports.ts';
import type { WriteOnce } from '../write-once.ts';
import type { StoreDataset } from './dataset.ts';
import { codeOf, toStoreError } from './google-errors.ts';

/** The bucket where rows wait until they are loaded. */
export interface LoadBucket {
  readonly name: string;
  folder(path: string): BucketFolder;
  /** Throws `StoreRefusedError` with the fix unless objects can be written, read and removed. */
  checkAccess(): Promise<void>;
}

/** Objects whose names begin alike; what a name leaves out is that beginning. */
export interface BucketFolder extends WriteOnce {
  /** Objects that are not there are fine. */
  remove(names: readonly string[]): Promise<void>;
}

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

const REMOVED_AT_ONCE = 16;
const [PROBES, PROBE_AGAIN_MS] = [8, 500];

export function openLoadBucket(storage: Storage, name: string): LoadBucket {
  const bucket = storage.bucket(name);

  function folder(path: string): BucketFolder {
    const pathOf = (object: string): string => `gs://${name}/${path}/${object}`;
    const file = (object: string) => bucket.file(`${path}/${object}`);
    return {
      pathOf,

      async createOnce(_step, object, content) {
        try {
          // Create once: of many who write a name one wins, and all others are told so.
          const preconditionOpts = { ifGenerationMatch: 0 };
          await file(object).save(Buffer.from(content), { resumable: false, preconditionOpts });
          return true;
        } catch (error) {
          if (codeOf(error) === 412) return false;
          throw toBucketError('write', pathOf(object), name, error);
        }
      },

      async read(object) {
        try {
          const [bytes] = await file(object).download();
          return bytes;
        } catch (error) {
          if (codeOf(error) === 404) return undefined;
          throw toBucketError('read', pathOf(object), name, error);
        }
      },

      async names() {
        try {
          const [files] = await bucket.getFiles({ prefix: `${path}/` });
          return files.map((found) => found.name.slice(path.length + 1));
        } catch (error) {
          throw toBucketError('read', `gs://${name}/${path}`, name, error);
        }
      },

      async remove(objects) {
        const atOnce = pLimit(REMOVED_AT_ONCE);
        const removing = objects.map((object) =>
          atOnce(async () => {
            try {
              await file(object).delete();
            } catch (error) {
              if (codeOf(error) !== 404) throw toBucketError('remove', pathOf(object), name, error);
            }
          }),
        );
        await Promise.all(removing);
      },
    };
  }

  return {
    name,
    folder,
    async checkAccess() {
      for (let attempt = 1; ; attempt++) {
        try {
          return await probe(folder('sightline/probes'));
        } catch (error) {
          if (!(error instanceof StoreUnavailableError)) throw error;
          const code = codeOf(error.cause);
          if (code === 404 || code === 403) throw new StoreRefusedError(error.message, { cause: error });
          // A moment's fault is no reason to refuse a run.
          if (attempt === PROBES) throw error;
          await delay(PROBE_AGAIN_MS);
        }
      }
    },
  };
}

/** Only doing it tells whether it can be done. */
async function probe(probes: BucketFolder): Promise<void> {
  const name = crypto.randomUUID();
  await probes.createOnce('probe', name, '');
  await probes.read(name);
  await probes.names();
  await probes.remove([name]);
}

/** `sightline/<project>.<dataset>/<run>/...`: everything of a run begins alike, and so does everything of a dataset. */
export function loadFolders(
  bucket: LoadBucket,
  { project, name: dataset }: Pick<StoreDataset, 'project' | 'name'>,
  { key }: RunPlace,
): LoadFolders {
  if (!/^[a-z0-9][a-z0-9-]{0,199}$/.test(key)) {
    throw new StoreMismatchError(`${JSON.stringify(key)} cannot be part of an object's name.`);
  }
  const folder = (name: string): BucketFolder => bucket.folder(`sightline/${project}.${dataset}/${key}/${name}`);
  return { staged: folder('staged'), parts: folder('parts'), commits: folder('commits'), steps: folder('steps') };
}

function toBucketError(verb: 'read' | 'write' | 'remove', path: string, bucket: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === 404) {
    return new StoreUnavailableError(`Cannot ${verb} ${path}: there is no bucket ${bucket}. Make it, then try again.`, {
      cause: error,
    });
  }
  if (code === 403) {
    const fix = `Give the worker the role Storage Object User on gs://${bucket}.`;
    return new StoreUnavailableError(`Cannot ${verb} ${path}: Google refuses. ${fix}`, { cause: error });
  }
  return toStoreError(`${verb} ${path}`, error);
}

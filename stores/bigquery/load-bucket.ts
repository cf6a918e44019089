import type { Storage } from '@google-cloud/storage';
import pLimit from 'p-limit';
import { StoreRefusedError, StoreUnavailableError } from '../ports.ts';
import type { WriteOnce } from '../write-once.ts';
import { codeOf, toStoreError } from './google-errors.ts';
import { probePatiently } from './probe-patiently.ts';

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

const REMOVED_AT_ONCE = 16;

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

  return { name, folder, checkAccess: () => probePatiently(() => probe(folder('sightline/probes')), refusalOf) };
}

async function probe(probes: BucketFolder): Promise<void> {
  const name = crypto.randomUUID();
  await probes.createOnce('probe', name, '');
  await probes.read(name);
  await probes.names();
  await probes.remove([name]);
}

async function refusalOf(error: unknown): Promise<StoreRefusedError | undefined> {
  if (!(error instanceof StoreUnavailableError)) return undefined;
  const code = codeOf(error.cause);
  return code === 404 || code === 403 ? new StoreRefusedError(error.message, { cause: error }) : undefined;
}

function toBucketError(verb: 'read' | 'write' | 'remove', path: string, bucket: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === 404) {
    const fix = `Make it where the dataset is: gcloud storage buckets create gs://${bucket} --location=US`;
    return new StoreUnavailableError(`Cannot ${verb} ${path}: there is no bucket ${bucket}. ${fix}`, {
      cause: error,
    });
  }
  if (code === 403) {
    const fix = `Give the worker the role Storage Object User on gs://${bucket}.`;
    return new StoreUnavailableError(`Cannot ${verb} ${path}: Google refuses. ${fix}`, { cause: error });
  }
  return toStoreError(`${verb} ${path}`, error);
}

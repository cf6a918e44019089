import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreUnavailableError } from './ports.ts';
import { errorCode, toStoreError } from './store-errors.ts';

/** Called with a name before and after each operation that lasts. Tests throw here to stop a store as a kill would. */
export type Checkpoint = (name: string) => void | Promise<void>;

/** File operations after which either everything or nothing is there, also after a power failure. */
export interface DurableFiles {
  /** Creates a file with this content; false when there is one of this name already, which is left as it is. */
  createOnce(step: string, path: string, content: string | Uint8Array): Promise<boolean>;
  /** Creates or replaces a file. */
  replace(step: string, path: string, content: string | Uint8Array): Promise<void>;
  /** Lets something else write a temporary file, into a folder that is there. */
  fill<T>(step: string, temporary: string, write: () => Promise<T>): Promise<T>;
  /** Writes a temporary file through to the disk; false when a clean-up has swept it away. */
  sync(step: string, temporary: string): Promise<boolean>;
  /**
   * Gives a file that something else has written its name; false when the name is taken, or when a clean-up has swept the
   * temporary file away. The temporary file is gone afterwards.
   */
  publishOnce(step: string, temporary: string, path: string): Promise<boolean>;
  /** Removes files; those that are not there are fine. */
  remove(step: string, paths: readonly string[]): Promise<void>;
}

export function createDurableFiles(checkpoint: Checkpoint = () => undefined): DurableFiles {
  const step = watchedBy(checkpoint);

  async function writeTemporary(name: string, path: string, content: string | Uint8Array): Promise<string> {
    const temporary = temporaryBeside(path);
    await step(`${name} write`, path, async () => {
      await makeFolder(dirname(path));
      await using file = await open(temporary, 'wx');
      await file.writeFile(content);
      await file.sync();
    }).catch(async (error: unknown) => {
      // A disk that is full must not stay fuller than before; that the write failed is what the caller has to know.
      await remove(name, [temporary]).catch(() => undefined);
      throw error;
    });
    return temporary;
  }

  async function linkOnce(name: string, temporary: string, path: string): Promise<'created' | 'taken' | 'swept away'> {
    const result = await step(`${name} link`, path, async () => {
      try {
        await link(temporary, path);
      } catch (error) {
        if (errorCode(error) === 'EEXIST') return 'taken';
        if (errorCode(error) === 'ENOENT') return 'swept away';
        throw error;
      }
      await syncFolder(dirname(path));
      return 'created';
    });
    await remove(`${name} temporary`, [temporary]);
    return result;
  }

  async function sync(name: string, temporary: string): Promise<boolean> {
    return step(`${name} sync`, temporary, async () => {
      try {
        await using file = await open(temporary, 'r+');
        await file.sync();
        return true;
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return false;
        throw error;
      }
    });
  }

  async function remove(name: string, paths: readonly string[]): Promise<void> {
    for (const path of paths) await step(`${name} remove`, path, () => rm(path, { force: true }));
  }

  return {
    async createOnce(name, path, content) {
      for (let tries = 1; ; tries++) {
        const result = await linkOnce(name, await writeTemporary(name, path, content), path);
        if (result !== 'swept away') return result === 'created';
        if (tries === 3)
          throw new StoreUnavailableError(`${path} cannot be created: its folder is being emptied. Try again.`);
      }
    },
    async replace(name, path, content) {
      const temporary = await writeTemporary(name, path, content);
      await step(`${name} rename`, path, async () => {
        await rename(temporary, path);
        await syncFolder(dirname(path));
      });
    },
    async fill(name, temporary, write) {
      return step(`${name} fill`, temporary, async () => {
        await makeFolder(dirname(temporary));
        return write();
      }).catch(async (error: unknown) => {
        await remove(name, [temporary]).catch(() => undefined);
        throw error;
      });
    },
    sync,
    async publishOnce(name, temporary, path) {
      return (await sync(name, temporary)) && (await linkOnce(name, temporary, path)) === 'created';
    },
    remove,
  };
}

/** Runs an operation between its two checkpoints; what goes wrong is a `StoreUnavailableError` with the path. */
function watchedBy(checkpoint: Checkpoint) {
  return async <T>(name: string, path: string, operation: () => Promise<T>): Promise<T> => {
    try {
      await checkpoint(`${name}: before`);
      const result = await operation();
      await checkpoint(`${name}: after`);
      return result;
    } catch (error) {
      throw toStoreError('write', path, error);
    }
  };
}

/** A name in the same folder that nobody else uses. */
export function temporaryBeside(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.tmp`;
}

/** The content of a file; undefined when it does not exist. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw toStoreError('read', path, error);
  }
}

/** The names in a folder; none when it does not exist. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw toStoreError('read', folder, error);
  }
}

/** Node's own recursive `mkdir` never returns where a folder is there but cannot take another one, as in `/proc`. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch((again: unknown) => {
      if (errorCode(again) !== 'EEXIST') throw again;
    });
  }
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

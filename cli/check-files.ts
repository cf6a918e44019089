import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isAddress } from '../contracts/asset.ts';
import { IMAGE_NAME } from '../sources/assets-of-folder.ts';
import type { CliContext } from './cli-context.ts';
import { usageError } from './cli-error.ts';

/** Throws a usage error for the first path that is no file; addresses are left to who fetches them. */
export async function checkFiles(context: CliContext, files: readonly string[]): Promise<void> {
  for (const file of files.filter((name) => !isAddress(name))) {
    const found = await statOf(resolve(context.io.workingDir, file));
    if (found === 'missing') throw usageError(`There is no file ${context.word(file)}.`);
    if (found === 'folder') {
      const image = await firstImageIn(resolve(context.io.workingDir, file));
      const [folder, run] = [
        file.replace(/(?<=.)\/+$/, ''),
        context.command(`runs start ${context.word(file)} --wait`),
      ];
      throw usageError(
        `${context.word(file)} is a folder; this looks at one asset.`,
        image === undefined
          ? `Look at all of it: ${run}`
          : `Name an image: ${context.command(`try ${context.word(join(folder, image))}`)}; or look at all of it: ${run}`,
      );
    }
  }
}

/** What cannot be looked at for another reason is left to who reads it. */
async function statOf(path: string): Promise<'missing' | 'folder' | 'other'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'other';
  }
}

async function firstImageIn(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return names.filter((name) => IMAGE_NAME.test(name)).toSorted()[0];
}

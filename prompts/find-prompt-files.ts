import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failed, ok, type Result } from '../contracts/failures.ts';

export interface PromptPlaces {
  /** A folder of the user's own prompts, `<name>.yaml` each; need not exist. */
  readonly userFolder?: string;
}

/** Where a prompt is. */
export interface FoundPrompt {
  readonly name: string;
  readonly path: string;
  readonly builtIn: boolean;
}

export const PROMPT_ENDING = '.yaml';

/** All prompt files by name, sorted; `InvalidRequest` when a file of the user has the name of a built-in prompt. */
export async function findPromptFiles({ userFolder }: PromptPlaces): Promise<Result<ReadonlyMap<string, FoundPrompt>>> {
  const builtIn = await findIn(BUILT_IN_FOLDER, true);
  const users = userFolder === undefined ? [] : await findIn(userFolder, false);
  const names = new Set(builtIn.map(({ name }) => name));
  const clash = users.find(({ name }) => names.has(name));
  if (clash) {
    return failed(
      'InvalidRequest',
      `Prompt ${clash.path} has the name of a built-in prompt; give the file another name`,
    );
  }
  const all = [...builtIn, ...users].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return ok(new Map(all.map((found) => [found.name, found])));
}

const BUILT_IN_FOLDER = fileURLToPath(new URL('built-in/', import.meta.url));

async function findIn(folder: string, builtIn: boolean): Promise<readonly FoundPrompt[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith(PROMPT_ENDING) && !name.startsWith('.'))
      .map((name) => ({ name: name.slice(0, -PROMPT_ENDING.length), path: join(folder, name), builtIn }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw new Error(`The prompts in ${folder} cannot be listed`, { cause: error });
  }
}

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failed, ok, type Result } from '../contracts/failures.ts';
import type { Prompt } from '../contracts/prompt.ts';
import { didYouMean } from './did-you-mean.ts';
import { parsePrompt } from './parse-prompt.ts';

export interface PromptPlaces {
  /** A folder of the user's own prompts, `<name>.yaml` each; need not exist. */
  readonly userFolder?: string;
}

/**
 * The prompt of this name: built in, or from the user's folder. Everything that does not work is `InvalidRequest`: an
 * unknown name (the message lists the known ones), a broken file, a file of the user with the name of a built-in.
 */
export async function loadPrompt(name: string, places: PromptPlaces = {}): Promise<Result<Prompt>> {
  const files = await findPromptFiles(places);
  if (!files.ok) return files;
  const path = files.value.get(name);
  if (path === undefined) return unknownPrompt(name, [...files.value.keys()]);
  try {
    return parsePrompt({ name, path, text: await readFile(path, 'utf8') });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return failed('InvalidRequest', `Prompt ${path} cannot be read (${error.code})`);
  }
}

/** Names of all prompts, sorted. */
export async function listPrompts(places: PromptPlaces = {}): Promise<Result<readonly string[]>> {
  const files = await findPromptFiles(places);
  return files.ok ? ok([...files.value.keys()]) : files;
}

const BUILT_IN_FOLDER = fileURLToPath(new URL('built-in/', import.meta.url));

async function findPromptFiles({ userFolder }: PromptPlaces): Promise<Result<ReadonlyMap<string, string>>> {
  const builtIn = await findIn(BUILT_IN_FOLDER);
  const users = userFolder === undefined ? [] : await findIn(userFolder);
  const names = new Set(builtIn.map(([name]) => name));
  const clash = users.find(([name]) => names.has(name));
  if (clash) {
    return failed('InvalidRequest', `Prompt ${clash[1]} has the name of a built-in prompt; give the file another name`);
  }
  return ok(new Map([...builtIn, ...users].toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

async function findIn(folder: string): Promise<readonly (readonly [name: string, path: string])[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith('.yaml') && !name.startsWith('.'))
      .map((name) => [name.slice(0, -'.yaml'.length), join(folder, name)] as const);
  } catch (error) {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw new Error(`The prompts in ${folder} cannot be listed`, { cause: error });
  }
}

function unknownPrompt(name: string, known: readonly string[]): ReturnType<typeof failed> {
  const meant = didYouMean(name, known);
  const hint = meant ? `; did you mean "${meant}"?` : '.';
  return failed('InvalidRequest', `There is no prompt "${name.slice(0, 80)}"${hint} Prompts: ${known.join(', ')}`);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

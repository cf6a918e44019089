import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failed, ok, type Result } from '../contracts/failures.ts';
import { PROMPT_NAME_PATTERN } from './check-prompt.ts';
import { didYouMean } from './did-you-mean.ts';
import { findPromptFiles, PROMPT_ENDING } from './find-prompt-files.ts';

export interface NewPrompt {
  readonly name: string;
  /** The folder of the user's own prompts; made when it is not there. */
  readonly userFolder: string;
  /** A prompt that is copied. Default: an example with a comment for everything. */
  readonly from?: string;
}

/**
 * Writes a new prompt file into the user's folder and returns its path. `InvalidRequest` for a name that cannot be one or is
 * taken, for an unknown `from`, and when the folder cannot be written. Never overwrites.
 */
export async function createPromptFile({ name, userFolder, from }: NewPrompt): Promise<Result<string>> {
  if (!PROMPT_NAME_PATTERN.test(name)) {
    return failed(
      'InvalidRequest',
      `"${name.slice(0, 80)}" cannot name a prompt; use a-z, 0-9 and -, at most 63 of them`,
    );
  }
  const files = await findPromptFiles({ userFolder });
  if (!files.ok) return files;
  const taken = files.value.get(name);
  if (taken) {
    const where = taken.builtIn ? 'is built in' : `exists already: ${taken.path}`;
    return failed('InvalidRequest', `The prompt "${name}" ${where}; choose another name`);
  }
  const template = from === undefined ? STARTER : files.value.get(from)?.path;
  if (template === undefined) {
    const meant = didYouMean(from ?? '', [...files.value.keys()]);
    const hint = meant ? `did you mean "${meant}"?` : `there are ${[...files.value.keys()].join(', ')}`;
    return failed('InvalidRequest', `There is no prompt "${(from ?? '').slice(0, 80)}" to copy; ${hint}`);
  }
  return copy(template, userFolder, join(userFolder, `${name}${PROMPT_ENDING}`));
}

const STARTER = fileURLToPath(new URL('starter.yaml', import.meta.url));

async function copy(template: string, folder: string, path: string): Promise<Result<string>> {
  try {
    const content = await readFile(template);
    await mkdir(folder, { recursive: true });
    await writeFile(path, content, { flag: 'wx' });
    return ok(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return failed('InvalidRequest', `${template} cannot be copied to ${path} (${String(error.code)})`);
  }
}

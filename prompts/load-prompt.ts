import { failed, type Result } from '../contracts/failures.ts';
import type { Prompt } from '../contracts/prompt.ts';
import { checkPromptFile } from './check-prompt-file.ts';
import { didYouMean } from './did-you-mean.ts';
import { findPromptFiles, type PromptPlaces } from './find-prompt-files.ts';
import { toResult } from './check-prompt.ts';

/**
 * The prompt of this name: built in, or from the user's folder. Everything that does not work is `InvalidRequest`: an
 * unknown name (the message lists the known ones), a broken file, a file of the user with the name of a built-in.
 */
export async function loadPrompt(name: string, places: PromptPlaces = {}): Promise<Result<Prompt>> {
  const files = await findPromptFiles(places);
  if (!files.ok) return files;
  const path = files.value.get(name)?.path;
  return path === undefined
    ? unknownPrompt(name, [...files.value.keys()])
    : toResult(path, await checkPromptFile(path));
}

function unknownPrompt(name: string, known: readonly string[]): ReturnType<typeof failed> {
  const meant = didYouMean(name, known);
  const hint = meant ? `; did you mean "${meant}"?` : '.';
  return failed('InvalidRequest', `There is no prompt "${name.slice(0, 80)}"${hint} Prompts: ${known.join(', ')}`);
}

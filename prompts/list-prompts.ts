import { ok, type Result } from '../contracts/failures.ts';
import { checkPromptFile } from './check-prompt-file.ts';
import type { PromptCheck } from './check-prompt.ts';
import { findPromptFiles, type FoundPrompt, type PromptPlaces } from './find-prompt-files.ts';

export interface ListedPrompt extends FoundPrompt {
  /** Broken files are listed too: who looks for a prompt sees why it is not there. */
  readonly check: PromptCheck;
}

/** All prompts, sorted by name; `InvalidRequest` when a file of the user has the name of a built-in prompt. */
export async function listPrompts(places: PromptPlaces): Promise<Result<readonly ListedPrompt[]>> {
  const files = await findPromptFiles(places);
  if (!files.ok) return files;
  const found = [...files.value.values()];
  return ok(await Promise.all(found.map(async (each) => ({ ...each, check: await checkPromptFile(each.path) }))));
}

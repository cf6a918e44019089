import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { findPromptFiles, PROMPT_ENDING } from './find-prompt-files.ts';
import { checkPrompt, type PromptCheck } from './check-prompt.ts';
import { ProblemInPrompt } from './problem-in-prompt.ts';

/** The prompt of a file, or everything that is wrong with it: not readable, no file, far too large, not UTF-8, or its content. */
export async function checkPromptFile(path: string): Promise<PromptCheck> {
  try {
    if (!path.endsWith(PROMPT_ENDING)) throw new ProblemInPrompt(`the name of the file must end in ${PROMPT_ENDING}`);
    return checkPrompt({ name: basename(path, PROMPT_ENDING), text: await readText(path) });
  } catch (error) {
    if (!(error instanceof ProblemInPrompt)) throw error;
    return { ok: false, problems: [{ line: null, message: error.message }] };
  }
}

/** The same for a file that is to become a prompt of the user: it may not have the name of a built-in one. */
export async function checkUserPrompt(path: string): Promise<PromptCheck> {
  const [check, builtIn] = await Promise.all([checkPromptFile(path), findPromptFiles({})]);
  const hidden = builtIn.ok ? builtIn.value.get(basename(path, PROMPT_ENDING)) : undefined;
  if (!hidden || hidden.path === path) return check;
  const clash = { line: null, message: 'has the name of a built-in prompt; give the file another name' };
  return { ok: false, problems: [clash, ...(check.ok ? [] : check.problems)] };
}

/** UTF-8 needs at most four bytes for each of the 200,000 characters that a prompt may have. */
const MAX_BYTES = 800_000;

async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new ProblemInPrompt('is not UTF-8; save it as UTF-8');
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) {
      throw new ProblemInPrompt(`is ${stats.isDirectory() ? 'a folder' : 'a pipe or device'}, not a file`);
    }
    if (stats.size > MAX_BYTES) throw new ProblemInPrompt('is larger than 200 KB');
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new ProblemInPrompt(sentenceOf(String(error.code)));
    throw error;
  }
}

function sentenceOf(code: string): string {
  if (code === 'ENOENT') return 'does not exist; check the path';
  return code === 'EACCES' ? 'may not be read; give yourself permission to read it' : `cannot be read (${code})`;
}

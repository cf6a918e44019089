import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { PromptProblem } from '../../prompts/check-prompt.ts';
import { didYouMean } from '../../prompts/did-you-mean.ts';
import { PROMPT_ENDING, type FoundPrompt } from '../../prompts/find-prompt-files.ts';
import { usageError } from '../cli-error.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { settingsOf } from '../open-worker.ts';
import { cleanText } from '../output/clean-text.ts';

/** What `--json` shows of each. */
interface Checked {
  readonly path: string;
  readonly ok: boolean;
  /** Its name; null when it is broken. */
  readonly prompt: string | null;
  readonly problems: readonly PromptProblem[];
}

type KnownPrompts = ReadonlyMap<string, FoundPrompt>;

export const promptsValidate = defineCommand<object>({
  usage: 'prompts validate <files...>',
  summary: 'Check prompts, by file or by name, and say everything that is wrong with them, each with its line',
  examples: ['prompts validate bench', 'prompts validate sightline-prompts/*.yaml --json'],
  async run(context, _options, files) {
    const { checkUserPrompt } = await import('../../prompts/check-prompt-file.ts');
    const { findPromptFiles } = await import('../../prompts/find-prompt-files.ts');
    const found = await findPromptFiles({ userFolder: settingsOf(context).promptsDir });
    // A file of the user that hides a built-in prompt is found by its path alone.
    const known: KnownPrompts = found.ok ? found.value : new Map();
    const paths = files.map((file) => pathOf(context, known, file));
    const results = await Promise.all(
      paths.map(async (path): Promise<Checked> => {
        const check = await checkUserPrompt(path);
        return check.ok
          ? { path, ok: true, prompt: check.prompt.name, problems: [] }
          : { path, ok: false, prompt: null, problems: check.problems };
      }),
    );
    if (context.globals.json === true) context.printJson(results);
    else for (const { path, problems } of results) print(context, path, problems);
    const [first] = results;
    const broken = results.flatMap(({ path, ok }) => (ok ? [] : [path]));
    if (broken.length > 0) sayMend(context, broken);
    else if (first) sayNext(context, known, first);
    return broken.length > 0 ? EXIT_CODES.usage.code : EXIT_CODES.ok.code;
  },
});

function print(context: CliContext, path: string, problems: readonly PromptProblem[]): void {
  const name = context.showPath(path);
  if (problems.length === 0) return context.print(context.globals.quiet === true ? name : `${name}: ok`);
  for (const { line, message } of problems) {
    context.print(`${name}${line === null ? '' : `:${line}`}: ${cleanText(message)}`);
  }
}

/** A file that is there, or else the prompt of this name. */
function pathOf(context: CliContext, known: KnownPrompts, file: string): string {
  const path = resolve(context.io.workingDir, file);
  if (existsSync(path) || !/^[\w-]+$/.test(file)) return path;
  const found = known.get(file)?.path;
  if (found !== undefined) return found;
  const meant = didYouMean(file, [...known.keys()]);
  throw usageError(
    `There is no file and no prompt ${context.word(file)}.`,
    meant === undefined
      ? `See which prompts there are with: ${context.command('prompts list')}`
      : `Did you mean ${meant}?`,
  );
}

/** The same command would say the same again: a file that is not there can be begun, others need an example. */
function sayMend(context: CliContext, broken: readonly string[]): void {
  context.say('Mend what is named above, and check again.');
  const missing = broken.find((path) => !existsSync(path) && path.endsWith(PROMPT_ENDING));
  context.next(missing === undefined ? 'prompts show photo-quality' : `prompts new ${nameOf(context, missing)}`);
}

function nameOf(context: CliContext, path: string): string {
  return context.word(basename(path, PROMPT_ENDING));
}

/** A prompt is found by its name only in the folder of prompts. */
function sayNext(context: CliContext, known: KnownPrompts, { path, prompt }: Checked): void {
  if (prompt !== null && known.get(prompt)?.path === path) return context.next(`prompts show ${prompt}`);
  const folder = context.showPath(settingsOf(context).promptsDir);
  context.say(`To use it, put it into ${folder}, or set SIGHTLINE_PROMPTS_DIR to its folder.`);
}

import { resolve } from 'node:path';
import type { PromptProblem } from '../../prompts/check-prompt.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { settingsOf } from '../open-worker.ts';
import { cleanText } from '../output/clean-text.ts';

export const promptsValidate = defineCommand<object>({
  usage: 'prompts validate <files...>',
  summary: 'Check prompt files and say everything that is wrong with them, each with its line',
  examples: ['prompts validate sightline-prompts/bench.yaml', 'prompts validate sightline-prompts/*.yaml --json'],
  async run(context, _options, files) {
    const { checkUserPrompt } = await import('../../prompts/check-prompt-file.ts');
    const checked = await Promise.all(
      files.map(async (file) => {
        const path = resolve(context.io.workingDir, file);
        return { path, check: await checkUserPrompt(path) };
      }),
    );
    const results = checked.map(({ path, check }) => ({
      path,
      ok: check.ok,
      prompt: check.ok ? check.prompt.name : null,
      problems: check.ok ? [] : check.problems,
    }));
    if (context.globals.json === true) context.printJson(results);
    else for (const { path, problems } of results) print(context, path, problems);
    const good = results.find(({ ok }) => ok);
    const isBroken = results.some(({ ok }) => !ok);
    if (isBroken) context.next(`prompts validate ${files.map(context.word).join(' ')}`);
    else if (good) sayNext(context, good.path, good.prompt ?? '');
    return isBroken ? EXIT_CODES.usage.code : EXIT_CODES.ok.code;
  },
});

function print(context: CliContext, path: string, problems: readonly PromptProblem[]): void {
  const name = context.showPath(path);
  if (problems.length === 0) return context.print(context.globals.quiet === true ? name : `${name}: ok`);
  for (const { line, message } of problems) {
    context.print(`${name}${line === null ? '' : `:${line}`}: ${cleanText(message)}`);
  }
}

/** A prompt is found by its name only in the folder of prompts. */
function sayNext(context: CliContext, path: string, prompt: string): void {
  const { promptsDir } = settingsOf(context);
  if (path === resolve(promptsDir, `${prompt}.yaml`)) return context.next(`prompts show ${prompt}`);
  context.say(`To use it, put it into ${context.showPath(promptsDir)}, or set SIGHTLINE_PROMPTS_DIR to its folder.`);
}

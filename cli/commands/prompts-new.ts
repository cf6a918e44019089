import { usageError } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { settingsOf } from '../open-worker.ts';

interface NewOptions {
  readonly from?: string;
}

export const promptsNew = defineCommand<NewOptions>({
  usage: 'prompts new <name>',
  summary: 'Write a new prompt file to edit, with a comment for everything; never overwrites one',
  examples: ['prompts new bench', 'prompts new bench --from classification'],
  options: (command) => command.option('--from <prompt>', 'copy this prompt (default: an example)'),
  async run(context, { from }, [name = '']) {
    const { createPromptFile } = await import('../../prompts/create-prompt-file.ts');
    const { promptsDir: userFolder } = settingsOf(context);
    const created = await createPromptFile({ name, userFolder, ...(from === undefined ? {} : { from }) });
    if (!created.ok) throw usageError(created.failure.message);
    const path = context.showPath(created.value);
    if (context.globals.json === true) context.printJson({ name, path: created.value });
    else context.print(context.globals.quiet === true ? name : path);
    context.say('Edit it; workers see a change with the next run.');
    context.next(`prompts validate ${context.word(path)}`);
    return EXIT_CODES.ok.code;
  },
});

import type { Prompt, PromptField } from '../../contracts/prompt.ts';
import { DEFAULT_ANALYZER } from '../../contracts/run.ts';
import { answeringKinds } from '../answering-kinds.ts';
import { usageError } from '../cli-error.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { settingsOf } from '../open-worker.ts';
import { cleanLines, cleanText } from '../output/clean-text.ts';
import { formatTable } from '../output/table.ts';

interface ShowOptions {
  readonly schema?: boolean;
}

const COLUMNS = ['FIELD', 'TYPE', 'TAKES'].map((title) => ({ title, keep: title === 'FIELD' }));

export const promptsShow = defineCommand<ShowOptions>({
  usage: 'prompts show <prompt>',
  summary: 'Show the words and the fields of a prompt',
  examples: ['prompts show utility-pole', 'prompts show utility-pole --schema'],
  options: (command) => command.option('--schema', 'the JSON Schema of an answer, as models are given it'),
  async run(context, { schema }, [name = '']) {
    const { createAnalyzers } = await import('../../analyzers/index.ts');
    const { loadPrompt } = await import('../../prompts/load-prompt.ts');
    const { responseSchema } = await import('../../prompts/response-schema.ts');
    const loaded = await loadPrompt(name, { userFolder: settingsOf(context).promptsDir });
    if (!loaded.ok) throw usageError(loaded.failure.message);
    const prompt = loaded.value;
    const analyzers = answeringKinds(createAnalyzers(), prompt);
    // Names in a schema are data.
    if (schema === true) context.print(JSON.stringify(responseSchema(prompt), null, 2));
    else if (context.globals.json === true) context.printJson({ ...prompt, analyzers });
    else if (context.globals.quiet === true) context.print(prompt.name);
    else printPrompt(context, prompt, analyzers);
    const [first = DEFAULT_ANALYZER] = analyzers;
    const choice = first === DEFAULT_ANALYZER ? '' : ` --analyzer ${first}`;
    context.next(`runs start <source> --prompt ${prompt.name}${choice} --wait`);
    return EXIT_CODES.ok.code;
  },
});

function printPrompt(context: CliContext, prompt: Prompt, analyzers: readonly string[]): void {
  const { title, subject, words, fields, digest } = prompt;
  context.print(`title        ${cleanText(title)}`);
  if (subject !== undefined) context.print(`subject      ${cleanText(subject)}`);
  context.print(`answered by  ${analyzers.join(', ')}`);
  context.print(`digest       ${digest}`);
  context.print(`\n${cleanLines(words)}\n`);
  const { stdout } = context.io;
  const cells = fields.map((field) => [field.name, field.type, takes(field)]);
  if (!stdout.isTerminal || context.forScreenReader) {
    const rows = cells.map((row, index) => [...row, fields[index]?.description ?? '']);
    return context.printTable([...COLUMNS, { title: 'DESCRIPTION' }], rows);
  }
  // A description that is cut would say nothing: it has a line of its own.
  const [titles = '', ...lines] = formatTable(COLUMNS, cells, stdout.columns()).split('\n');
  context.print(titles);
  for (const [index, line] of lines.entries()) {
    context.print(line);
    context.print(`    ${cleanText(fields[index]?.description ?? '')}`.trimEnd());
  }
}

/** What a value of the field may be, in words. */
function takes({ type, required, values, min, max, maxLength }: PromptField): string {
  const bounds = [
    ...(values ? [values.join(' | ')] : []),
    ...(min !== undefined && max !== undefined ? [`${min} to ${max}`] : []),
    ...(min !== undefined && max === undefined ? [`at least ${min}`] : []),
    ...(min === undefined && max !== undefined ? [`at most ${max}`] : []),
    ...(maxLength === undefined ? [] : [`${type === 'strings' ? 'each ' : ''}at most ${maxLength} characters`]),
    ...(required ? [] : ['optional']),
  ];
  return bounds.join(', ');
}

import type { Analyzers } from '../../analyzers/index.ts';
import type { ListedPrompt } from '../../prompts/list-prompts.ts';
import { answeringKinds } from '../answering-kinds.ts';
import { usageError } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { settingsOf } from '../open-worker.ts';
import type { TableColumn } from '../output/table.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'PROMPT', keep: true },
  { title: 'TITLE' },
  { title: 'FIELDS', align: 'right' },
  { title: 'ANSWERED BY' },
  { title: 'FROM', cutAt: 'start' },
];

export const promptsList = defineCommand<object>({
  usage: 'prompts list',
  summary: 'List the prompts that are built in and your own, and which analyzers answer them',
  examples: ['prompts list', 'prompts list --json'],
  async run(context) {
    const { listPrompts } = await import('../../prompts/list-prompts.ts');
    const { createAnalyzers } = await import('../../analyzers/index.ts');
    const { promptsDir } = settingsOf(context);
    const listed = await listPrompts({ userFolder: promptsDir });
    if (!listed.ok) throw usageError(listed.failure.message);
    const analyzers = createAnalyzers();
    const prompts = listed.value.map((prompt) => describe(prompt, analyzers));
    const { globals } = context;
    if (globals.json === true) context.printJson(prompts);
    else if (globals.quiet === true) for (const { name } of prompts) context.print(name);
    else {
      const rows = prompts.map(({ name, title, fields, analyzers: kinds, from, path }) => [
        name,
        title ?? '(broken)',
        fields === null ? '' : String(fields),
        kinds.join(', '),
        from === 'built-in' ? 'built in' : context.showPath(path),
      ]);
      context.printTable(COLUMNS, rows);
    }
    const broken = prompts.find(({ problems }) => problems.length > 0);
    if (broken) context.next(`prompts validate ${context.word(context.showPath(broken.path))}`);
    else context.next(`prompts show ${prompts[0]?.name ?? ''}`);
    return EXIT_CODES.ok.code;
  },
});

/** What `--json` shows. */
interface DescribedPrompt {
  readonly name: string;
  /** Null when the file is broken, like all that could be read from it. */
  readonly title: string | null;
  readonly from: 'built-in' | 'user';
  readonly path: string;
  readonly fields: number | null;
  /** Kinds of analyzers that answer it. */
  readonly analyzers: readonly string[];
  readonly digest: string | null;
  readonly problems: readonly { readonly line: number | null; readonly message: string }[];
}

function describe({ name, path, builtIn, check }: ListedPrompt, analyzers: Analyzers): DescribedPrompt {
  const about = { name, from: builtIn ? 'built-in' : 'user', path } as const;
  if (!check.ok) return { ...about, title: null, fields: null, analyzers: [], digest: null, problems: check.problems };
  const { prompt } = check;
  return {
    ...about,
    title: prompt.title,
    fields: prompt.fields.length,
    analyzers: answeringKinds(analyzers, prompt),
    digest: prompt.digest,
    problems: [],
  };
}

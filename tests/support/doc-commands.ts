import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface DocCommand {
  readonly page: string;
  /** As it stands on the page. */
  readonly line: string;
  /** After `npx sightline`, as a shell hands them over. */
  readonly argv: readonly string[];
  /** Whether another command writes into its standard input. */
  readonly isPiped: boolean;
}

/** Pages with commands that people copy. */
export const DOC_PAGES: readonly string[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs', 'how-to'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/how-to/${name}`),
];

/** Every `npx sightline ...` of the fenced blocks of a page, in their order. */
export function docCommands(page: string): readonly DocCommand[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(/^```\n(.*?)^```/gms)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split('\n'))
    .flatMap((line) => {
      const [, pipe, rest] = /^(.* \| )?(?:[A-Z_]+=\S+ )*npx sightline (.*)$/.exec(line) ?? [];
      return rest === undefined ? [] : [{ page, line, argv: shellWords(rest), isPiped: pipe !== undefined }];
    });
}

/** Words as a shell reads them, up to a comment, a redirection or another command. */
export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (/^(#|>|&&|\||;)/.test(word)) break;
    words.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_all, one?: string, two?: string) => one ?? two ?? ''));
  }
  return words;
}

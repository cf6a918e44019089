import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { BadGroup, End } from './bad-case.ts';
import { COMMAND_GROUPS } from './command-cases.ts';
import { ENTRY_GROUPS } from './entry-cases.ts';
import { IMAGE_GROUPS } from './image-cases.ts';
import { makeCase } from './make-bench.ts';
import { PROMPT_GROUPS } from './prompt-cases.ts';
import { SOURCE_GROUPS } from './source-cases.ts';

/** Where the page stands. */
export const BAD_INPUT_PAGE = fileURLToPath(new URL('../../docs/bad-input.md', import.meta.url));

/** Groups whose cases need no Temporal server, in the order of the page. */
export const SERVERLESS_GROUPS: readonly BadGroup[] = [
  ...SOURCE_GROUPS,
  ...ENTRY_GROUPS,
  ...IMAGE_GROUPS,
  ...PROMPT_GROUPS,
  ...COMMAND_GROUPS,
];

/** Makes every case of a group and tells of it as the page does. `places` are flags for every command line. */
export async function groupSection(group: BadGroup, places: readonly string[] = []): Promise<string> {
  const rows: string[] = [];
  for (const each of group.cases) {
    const end = await makeCase(each, places).catch((error: unknown) => {
      throw new Error(`The case "${each.what}" cannot be made`, { cause: error });
    });
    rows.push(rowOf(each.what, end, each.todo));
  }
  const table = ['| What it is | Message | It ends as | What to do |', '| --- | --- | --- | --- |', ...rows];
  return formatted([`## ${group.title}`, group.intro, table.join('\n')].join('\n\n'));
}

export async function pageHead(groups: readonly Pick<BadGroup, 'title'>[]): Promise<string> {
  const list = groups.map(({ title }) => `- [${title}](#${anchorOf(title)})`).join('\n');
  return formatted(['# When something is wrong with what you bring', INTRO, list].join('\n\n'));
}

const INTRO = `Each line of this page was made: \`node scripts/write-bad-input-docs.ts\` brings every one of these things, and writes down what it is told. Three tests, \`bad-input.test.ts\` in \`tests/scripts/\`, \`tests/integration/\` and \`tests/google/\`, do it again and compare. Paths are shortened to names here; messages say them whole.

Nothing that you bring is ever changed, and nothing is lost: what cannot be used is refused before anything starts, or counted and kept with its reason. What the exit codes mean stands in [the settings](settings.md#exit-codes-of-sightline), what failures mean in [the list of failures](../contracts/failures.ts). The last line of a message, which names the help of its command, is left out.`;

function rowOf(what: string, { message, ends }: End, todo: string): string {
  const shown = message
    .split('\n')
    .map((line) => `\`${line.replaceAll('|', '\\|')}\``)
    .join('<br>');
  return `| ${what} | ${shown} | ${ends} | ${todo} |`;
}

/** As GitHub makes anchors of headings. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

async function formatted(markdown: string): Promise<string> {
  return format(markdown, { ...(await resolveConfig(BAD_INPUT_PAGE)), parser: 'markdown' });
}

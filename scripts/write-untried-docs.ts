import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { UNTRIED } from './smoke-google/untried.ts';

/** Where the list stands. */
export const UNTRIED_PAGE = fileURLToPath(new URL('../docs/how-to/run-on-google-cloud.md', import.meta.url));

const LIST =
  /(?<before><!-- written by node scripts\/write-untried-docs\.ts -->\n).*?(?<after><!-- end of the list -->)/s;

/** The page with the list as `npm run smoke:google` goes through it. */
export async function untriedPage(): Promise<string> {
  const page = await readFile(UNTRIED_PAGE, 'utf8');
  if (!LIST.test(page)) throw new Error(`${UNTRIED_PAGE} has no place for the list`);
  const lines = UNTRIED.map(({ name, text }) => `- ${text} (${name})`).join('\n');
  const written = page.replace(LIST, `$<before>\n${lines}\n\n$<after>`);
  return format(written, { ...(await resolveConfig(UNTRIED_PAGE)), parser: 'markdown' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(UNTRIED_PAGE, await untriedPage());

import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../cli/command-table.ts';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LINK = /\]\(([^)\s]+)\)/g;

async function pages(): Promise<readonly string[]> {
  const [top, docs] = await Promise.all([readdir(ROOT), readdir(join(ROOT, 'docs'), { recursive: true })]);
  return [...top.map((name) => join(ROOT, name)), ...docs.map((name) => join(ROOT, 'docs', name))].filter((path) =>
    path.endsWith('.md'),
  );
}

/** As GitHub makes anchors of headings. */
function anchors(page: string): readonly string[] {
  const headings = readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : resolve(dirname(page), path);
  return existsSync(target) && (anchor === undefined || anchors(target).includes(anchor));
}

/** Whether the words begin with those of a command: `runs list`, `demo`. */
function isCommand(words: readonly string[]): boolean {
  return [...COMMANDS.map(({ usage }) => usage), 'help'].some((usage) => {
    const names = usage.split(' ').filter((word) => /^[a-z]+$/.test(word));
    return names.every((name, at) => name === words[at]);
  });
}

describe.each((await pages()).map((page) => relative(ROOT, page)))('%s', (name) => {
  const page = join(ROOT, name);
  const text = readFileSync(page, 'utf8');

  test('has links that lead somewhere', () => {
    const links = [...text.matchAll(LINK)].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link));
    expect(links.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  test('names test files that exist', () => {
    const files = [...text.matchAll(/`(tests\/[\w./-]+\.ts)`/g)].map(([, file = '']) => file);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test('names commands that exist', () => {
    const commands = [...text.matchAll(/npx sightline ((?:[a-z]+ ?)+)/g)].map(([, words = '']) => words.split(' '));
    expect(commands.filter((words) => !isCommand(words))).toEqual([]);
    const scripts = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script);
    expect(scripts.filter((script) => !Object.hasOwn(packageJson.scripts, script))).toEqual([]);
  });
});

test('the links of the documentation are found at all', async () => {
  const count = (await pages()).flatMap((page) => [...readFileSync(page, 'utf8').matchAll(LINK)]).length;
  expect(count).toBeGreaterThan(50);
});

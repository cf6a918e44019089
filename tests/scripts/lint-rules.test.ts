import { describe, expect, test } from 'vitest';
import { lintSnippets } from './lint-snippets.ts';

const LONG_FUNCTION = `export function long(): number {\n${'  Math.random();\n'.repeat(81)}  return 1;\n}\n`;

/** Per rule a file that breaks it. */
const BROKEN: Readonly<Record<string, { readonly file: string; readonly text: string }>> = {
  'typescript(no-floating-promises)': {
    file: 'client/floating.ts',
    text: 'async function save(): Promise<void> {}\nsave();\n',
  },
  'typescript(no-misused-promises)': {
    file: 'client/misused.ts',
    text: "process.on('exit', async () => {});\n",
  },
  'typescript(no-explicit-any)': { file: 'client/any.ts', text: 'export const anything: any = 1;\n' },
  'typescript(ban-ts-comment)': { file: 'client/ignored.ts', text: '// @ts-ignore\nexport const text: number = "";\n' },
  'typescript(switch-exhaustiveness-check)': {
    file: 'client/switch.ts',
    text: "export function f(kind: 'a' | 'b'): void {\n  switch (kind) {\n    case 'a':\n      console.log(kind);\n  }\n}\n",
  },
  'eslint(max-lines)': { file: 'client/long.ts', text: 'console.log(1);\n'.repeat(501) },
  'eslint(max-lines-per-function)': { file: 'client/long-function.ts', text: LONG_FUNCTION },
  'node(no-process-env)': { file: 'client/environment.ts', text: 'export const home = process.env["HOME"];\n' },
  'import(no-cycle)': {
    file: 'client/one.ts',
    text: "import { two } from './two.ts';\nexport const one = () => two();\n",
  },
};

describe('the lint rules', async () => {
  const texts = Object.values(BROKEN).map(({ file, text }): [string, string] => [file, text]);
  const findings = await lintSnippets({
    ...Object.fromEntries(texts),
    'client/two.ts': "import { one } from './one.ts';\nexport const two = () => one();\n",
    'config/environment.ts': BROKEN['node(no-process-env)']?.text ?? '',
    'tests/long-function.ts': LONG_FUNCTION,
  });

  test.each(Object.entries(BROKEN))('%s is on', (rule, { file }) => {
    expect(findings).toContainEqual(expect.objectContaining({ file, rule }));
  });

  test('let tests have long functions, and config/ read the environment', () => {
    const files = findings.map(({ file }) => file);
    expect(files).not.toContain('tests/long-function.ts');
    expect(files).not.toContain('config/environment.ts');
  });
});

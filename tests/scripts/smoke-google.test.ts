import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runProgram } from '../../processes/run-program.mjs';
import { UNTRIED } from '../../scripts/smoke-google/untried.ts';
import { UNTRIED_PAGE, untriedPage } from '../../scripts/write-untried-docs.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/smoke-google.ts', import.meta.url));

test('the page on Google Cloud lists what the script tries: node scripts/write-untried-docs.ts', async () => {
  expect(await readFile(UNTRIED_PAGE, 'utf8')).toBe(await untriedPage());
});

test('what is tried has a name of its own', () => {
  expect(new Set(UNTRIED.map(({ name }) => name)).size).toBe(UNTRIED.length);
});

test.each([
  [['--yes'], 'Nothing was done: name the project that pays.'],
  [['--project', 'my-project'], 'Nothing was done: say --yes to that.'],
  [['--projekt', 'my-project'], "Unknown option '--projekt'"],
])('it says what it costs and does nothing with %j', async (args, sentence) => {
  const { code, output } = await runProgram(process.execPath, [SCRIPT, ...args], { env: {} });
  expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining(sentence) });
  expect(output).toContain('Type: npm run smoke:google -- --project');
});

test('it does nothing with a setting that is wrong', async () => {
  const args = [SCRIPT, '--project', 'my-project', '--yes'];
  const { code, output } = await runProgram(process.execPath, args, { env: { STORAGE_EMULATOR_HOST: 'ftp://x' } });
  expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining('STORAGE_EMULATOR_HOST') });
});

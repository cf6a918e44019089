import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runProgram } from '../../processes/run-program.mjs';
import { parseSettings } from '../../config/parse-settings.ts';
import { runSmoke } from '../../scripts/smoke-google/run-smoke.ts';
import type { SmokeBench } from '../../scripts/smoke-google/smoke-bench.ts';
import { UNTRIED, type Untried } from '../../scripts/smoke-google/untried.ts';
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

test('what cannot be tried is skipped with its reason, which fails nothing; what fails is told in one line', async () => {
  const settings = parseSettings({ GOOGLE_CLOUD_PROJECT: 'my-project' }, '/');
  const bench = { settings, cleanUp: async () => ['bucket x: away'] } as unknown as SmokeBench;
  const tryAll = async (untrieds: readonly Untried[], cleanUp: SmokeBench['cleanUp']) => {
    const lines: string[] = [];
    const isFine = await runSmoke({ ...bench, cleanUp }, (line) => lines.push(line.replaceAll(/ +/g, ' ')), untrieds);
    return { isFine, lines };
  };
  const key = UNTRIED.filter(({ name }) => name === 'API key');
  expect(await tryAll(key, async () => [])).toEqual({
    isFine: true,
    lines: ['skipped API key GEMINI_API_KEY is not set.'],
  });
  const broken = { name: 'x', text: '', attempt: () => Promise.reject(new Error('Refused.\nat x.ts')) };
  expect(await tryAll([broken], bench.cleanUp)).toEqual({
    isFine: false,
    lines: ['failed x Refused.', 'failed clean-up Still there: bucket x: away'],
  });
});

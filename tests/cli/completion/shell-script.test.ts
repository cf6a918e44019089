import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHELLS, shellScript, type Shell } from '../../../cli/completion/shell-script.ts';
import { keepRun, type KeptRun } from '../../support/kept-run.ts';
import { cli } from '../../support/recorded-io.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const PROGRAM = { node: process.execPath, main: MAIN };

let kept: KeptRun;
let dir: string;

beforeAll(async () => {
  kept = await keepRun([]);
  dir = await mkdtemp(join(tmpdir(), "sightline completion's "));
});
afterAll(async () => {
  await kept[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

/** What bash offers for a line, by the function that Tab calls there. */
async function bash(words: readonly string[], program = PROGRAM): Promise<readonly string[]> {
  const script = join(dir, 'completion.bash');
  await writeFile(script, shellScript('bash', program));
  const ask = [
    'set -u; source "$1"; shift',
    'COMP_WORDS=(sightline "$@"); COMP_CWORD=$#',
    '$(complete -p sightline | sed "s/.*-F \\([^ ]*\\).*/\\1/") 2>&1',
    'for word in "${COMPREPLY[@]-}"; do echo "$word"; done',
  ].join('\n');
  const { stdout } = await run('bash', ['--norc', '-c', ask, 'bash', script, ...words], {
    cwd: dir,
    env: { PATH: process.env['PATH'], SIGHTLINE_DATA_DIR: kept.dir, TEMPORAL_ADDRESS: '127.0.0.1:1' },
  });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash', () => {
  test('completes commands, options and run ids', async () => {
    expect(await bash(['runs', 'ren'])).toEqual(['rename']);
    expect(await bash(['runs', 'report', '--fo'])).toEqual(['--force']);
    expect(await bash(['runs', 'show', ''])).toEqual(['brisk-heron-7f2k']);
  });

  test('runs nothing of what was typed', async () => {
    await bash(['runs', 'show', '$(touch taken)', '']);
    await bash(['runs', '`touch taken`; touch taken']);
    expect(await readdir(dir)).not.toContain('taken');
  });
});

const PATHS = (process.env['PATH'] ?? '').split(delimiter);
const CHECKS: Partial<Record<Shell, readonly string[]>> = { bash: ['-n'], zsh: ['-n'], fish: ['--no-execute'] };
const HERE = SHELLS.filter((shell) => CHECKS[shell] && PATHS.some((path) => existsSync(join(path, shell))));

test.each(HERE)('%s reads its script', async (shell) => {
  const script = join(dir, `completion.${shell}`);
  await writeFile(script, shellScript(shell, PROGRAM));
  const { stderr } = await run(shell, [...(CHECKS[shell] ?? []), script]);
  expect(stderr).toBe('');
});

test.each(SHELLS)('%s is told where the program is, whatever its path', (shell) => {
  const script = shellScript(shell, { node: '/opt/no de', main: "/it's/$(touch taken)/main.ts" });
  expect(script).toContain("'/opt/no de'");
  expect(script).not.toContain("/it's/");
  expect(script).not.toContain('$ASK');
});

test('completion prints the script and how to use it', async () => {
  const { code, out, err } = await cli(['completion', 'zsh']);
  expect([code, out]).toEqual([0, shellScript('zsh', PROGRAM)]);
  expect(err).toContain('at its top');
  expect((await cli(['completion', 'tcsh'])).code).toBe(2);
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { PIPED } from '../support/recorded-io.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const CLEAR_LINE = '\r\u001b[2K';
const COLUMNS = 50;

let rig: Rig;
useRig((started) => (rig = started));

/** One command line for a shell, over the rig. */
function line(argv: readonly string[]): string {
  const words = [process.execPath, MAIN, ...argv, ...rig.places];
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

/** A run of a few seconds, which is long enough to be painted more than once. */
async function slowRun(id: string, delayMs = 250): Promise<string> {
  const csv = await rig.makeCsv(12, `${id}.csv`);
  const pace = ['--setting', `delayMs=${delayMs}`, '--shards-in-flight', '1', '--assets-in-flight', '1'];
  return line(['runs', 'start', csv, '--analyzer', 'noop', ...pace, '--id', id, '--wait']);
}

/** What the screen gets of a command in a real pseudo-terminal of 50 columns. */
async function onTerminal(command: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await run('script', ['-qec', `stty cols ${COLUMNS} rows 20; ${command}`, '/dev/null'], {
    cwd: rig.dir,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm', ...env },
  });
  return stdout;
}

describe('on a terminal', () => {
  test('progress is painted over one line that never wraps, and is gone at the end', async () => {
    const screen = await onTerminal(await slowRun('painted'));
    const painted = screen.split(CLEAR_LINE).slice(1);
    expect(painted.length).toBeGreaterThan(3);
    const lines = painted.slice(0, -1);
    expect(lines.some((text) => /running +\d+\/12/.test(text))).toBe(true);
    for (const text of lines) {
      expect(text).not.toContain('\n');
      expect(text.length).toBeLessThan(COLUMNS);
    }
    // What stands behind the last painting is the summary, on a line of its own.
    expect(stripVTControlCharacters(painted.at(-1) ?? '')).toMatch(/^painted {2}completed/);
  });

  test.each([
    ['TERM=dumb', { TERM: 'dumb' }],
    ['a screen reader', { SIGHTLINE_SCREEN_READER: '1', NO_COLOR: '1' }],
  ])('nothing is painted over for %s', async (name, env) => {
    const id = name.replaceAll(/[^a-z]/g, '');
    const screen = await onTerminal(await slowRun(id), env);
    expect(screen).not.toContain('\u001b');
    expect(screen.replaceAll('\r\n', '\n')).not.toContain('\r');
    expect(screen).toMatch(new RegExp(`^${id} {2}completed {2}12/12 {2}100 %`, 'm'));
  });
});

describe('in a pipe', () => {
  test('there is no escape code, and a line for each state but not for each look', async () => {
    const { stdout, stderr } = await run('sh', ['-c', await slowRun('piped', 50)], { cwd: rig.dir });
    expect(stdout + stderr).toMatch(PIPED);
    const status = stderr.split('\n').filter((text) => text.startsWith('piped '));
    expect(status.length).toBeGreaterThan(0);
    // It takes less than ten seconds, so no state is told twice.
    expect(new Set(status.map((text) => text.split(/ +/)[1])).size).toBe(status.length);
  });

  test('FORCE_COLOR colours what NO_COLOR leaves plain', async () => {
    const list = line(['runs', 'show', 'piped']);
    const coloured = await run('sh', ['-c', list], { env: { PATH: process.env['PATH'], FORCE_COLOR: '1' } });
    expect(coloured.stdout).toContain('\u001b[32mcompleted');
    const plain = await run('sh', ['-c', list], {
      env: { PATH: process.env['PATH'], NO_COLOR: '1', FORCE_COLOR: '1' },
    });
    expect(plain.stdout).not.toContain('\u001b');
  });

  test('a reader that has seen enough ends it quietly', async () => {
    const csv = await rig.makeCsv(600, 'many.csv');
    await run('sh', ['-c', line(['runs', 'start', csv, '--analyzer', 'noop', '--id', 'many', '--wait', '--quiet'])]);
    const head = `${line(['results', 'list', 'many', '--all', '--jsonl'])} | head -1; echo "\${PIPESTATUS[0]}" >&2`;
    const { stdout, stderr } = await run('bash', ['-c', head], { cwd: join(rig.dir) });
    expect(JSON.parse(stdout)).toMatchObject({ run_id: 'many' });
    expect(stderr).toMatch(/^(Next: .*\n)?0\n$/);
  });
});
